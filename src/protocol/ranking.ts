/** What a candidate is ranked by. */
export interface Standing {
  readonly score: bigint;
  /** Unix seconds. */
  readonly committedAt: number;
  /** proposalId. */
  readonly id: bigint;
}

/** The higher score; then the earlier commit; then, in one block, the smaller id; as `Ranking.sol`. */
export function beats(a: Standing, b: Standing): boolean {
  if (a.score !== b.score) return a.score > b.score;
  if (a.committedAt !== b.committedAt) return a.committedAt < b.committedAt;
  return a.id < b.id;
}

/** The best of a round, best first. @param places one for the winner and one for each uncle that may be paid */
export function rank<T extends Standing>(candidates: readonly T[], places: number): T[] {
  return [...candidates].sort((a, b) => (beats(a, b) ? -1 : 1)).slice(0, places);
}

/** How many of the ranked, from place 1, are paid. @param least score of a paid uncle of this winner */
export function paidUncles(ranked: readonly Pick<Standing, "score">[], least: bigint): number {
  const [winner, ...others] = ranked;
  if (winner === undefined || winner.score === 0n) return 0;
  return others.findLastIndex(({ score }) => score !== 0n && score >= least) + 1;
}
