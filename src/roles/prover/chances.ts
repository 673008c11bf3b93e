import type { L1View } from "../l1View.ts";
import { ranking } from "../l1View.ts";
import { score } from "../../protocol/score.ts";

/** What a certainty is worth. */
export const CERTAIN = 10n ** 12n;

/** The part of `strength` in `total`, of {@link CERTAIN}. */
export const chanceOf = (strength: bigint, total: bigint): bigint => (total === 0n ? 0n : (CERTAIN * strength) / total);

/**
 * How likely each commit of the open round is to win, of {@link CERTAIN}: its part of all scores that can still be
 * reached. Late in the window, of those that are proven.
 */
export function chancesOf(l1: Pick<L1View, "round" | "open">): ReadonlyMap<bigint, bigint> {
  const isLate = l1.round.phase === "Delivering";
  const strengths = ranking(l1).map(({ proposalId, candidate, provers, commitment }) => {
    const reachable = score(provers, commitment.terms.burnBid);
    return [proposalId, isLate ? (candidate?.score ?? 0n) : reachable] as const;
  });
  const total = strengths.reduce((sum, [, strength]) => sum + strength, 0n);
  return new Map(strengths.map(([id, strength]) => [id, chanceOf(strength, total)]));
}
