import { BPS } from "./terms.ts";

/**
 * Whose bids burn, as in `Burns.sol`. Either the winner's bid, a part of each paid uncle's, and a part of each that
 * was not proven with all votes; or each bid whose parent won.
 */
export const BURN_RULE = { winner: 0, everyCommit: 1 } as const;

export type BurnRule = (typeof BURN_RULE)[keyof typeof BURN_RULE];

/** BID_UNITs that burn as soon as a candidate is proven. */
export function burnAtProof(rule: BurnRule, burnBid: bigint): bigint {
  return rule === BURN_RULE.everyCommit ? burnBid : 0n;
}

/** BID_UNITs that burn when a candidate wins. */
export function burnOfWinner(rule: BurnRule, burnBid: bigint): bigint {
  return rule === BURN_RULE.everyCommit ? 0n : burnBid;
}

/** Provers that a commit names, and those of them of whom no vote is proven. */
export interface Silence {
  readonly silent: bigint;
  readonly named: bigint;
}

/**
 * What a paid uncle burns: its part, and the forfeit for the silent, together no more than it had forfeited unproven.
 * @returns BID_UNITs, and of those the ones that it burns as an uncle, which is the most that it may earn
 */
export function burnOfUncle(
  rule: BurnRule,
  burnBid: bigint,
  { uncleBurnBps, forfeitBps }: { readonly uncleBurnBps: bigint; readonly forfeitBps: bigint },
  silence: Silence,
): { burnt: bigint; own: bigint } {
  if (rule === BURN_RULE.everyCommit) return { burnt: 0n, own: burnBid };
  const forfeited = burnAtForfeit(rule, burnBid, forfeitBps, silence);
  const sum = forfeited + part(burnBid, uncleBurnBps, BPS);
  const most = part(burnBid, forfeitBps, BPS);
  const burnt = sum < most ? sum : most;
  return { burnt, own: burnt - forfeited };
}

/**
 * BID_UNITs that a commit loses if its parent won and it did not: three halves of the part of the provers that it names
 * of whom no vote is proven, up to all. Without any proof that is all of them.
 */
export function burnAtForfeit(
  rule: BurnRule,
  burnBid: bigint,
  forfeitBps: bigint,
  { silent, named }: Silence = { silent: 1n, named: 1n },
): bigint {
  if (rule === BURN_RULE.everyCommit) return burnBid;
  const parts = 3n * silent < 2n * named ? 3n * silent : 2n * named;
  return parts === 0n ? 0n : part(burnBid, forfeitBps * parts, 2n * BPS * named);
}

function part(burnBid: bigint, numerator: bigint, denominator: bigint): bigint {
  return (burnBid * numerator + denominator - 1n) / denominator;
}
