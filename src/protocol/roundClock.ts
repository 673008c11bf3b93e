/** Seconds; as `Windows.sol`. */
export interface Windows {
  readonly proposalWindow: number;
  readonly acceptanceWindow: number;
}

/** When a round's windows end, Unix seconds; all are half-open. */
export interface RoundMoments {
  readonly opens: number;
  readonly proposalEnds: number;
  readonly revealEnds: number;
  readonly provingEnds: number;
  readonly acceptanceEnds: number;
}

/** Seconds in which orders are revealed, and at the end deliveries alone are taken: a quarter of the window. */
export function revealWindow({ acceptanceWindow }: Pick<Windows, "acceptanceWindow">): number {
  return Math.floor(acceptanceWindow / 4);
}

/**
 * The windows of a round, as `RoundClock.sol` has them.
 * @param isPipelined whether its commits were taken in the acceptance window of the height before
 */
export function roundMoments(windows: Windows, opens: number, isPipelined: boolean): RoundMoments {
  const proposalEnds = opens + (isPipelined ? windows.acceptanceWindow : windows.proposalWindow);
  const acceptanceEnds = proposalEnds + windows.acceptanceWindow;
  const reveal = revealWindow(windows);
  return {
    opens,
    proposalEnds,
    revealEnds: proposalEnds + reveal,
    provingEnds: acceptanceEnds - reveal,
    acceptanceEnds,
  };
}

/** When a round is over: nobody revealed in time, nothing was proven in time, or proofs are no longer taken. */
export function roundEnds(
  { revealEnds, provingEnds, acceptanceEnds }: RoundMoments,
  { hasCandidate, isRevealed }: { readonly hasCandidate: boolean; readonly isRevealed: boolean },
): number {
  if (hasCandidate) return acceptanceEnds;
  return isRevealed ? provingEnds : revealEnds;
}
