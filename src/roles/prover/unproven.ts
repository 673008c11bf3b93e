import { score } from "../../protocol/score.ts";
import { type L1Commit, type L1View, ranking } from "../l1View.ts";

/** The highest score that a block can reach: all that it names are counted. */
const reachable = ({ provers, commitment }: L1Commit): bigint => score(provers, commitment.terms.burnBid);

/**
 * Blocks without a forest that would win if one came: the one that leads, and those that what is proven outranks only
 * because they are not. Their provers have L1 keep what they have: a forest of the last second may hide votes.
 */
export function unprovenContenders(l1: Pick<L1View, "round" | "open">): readonly L1Commit[] {
  const ranked = ranking(l1);
  const proven = ranked.filter(({ candidate }) => candidate !== undefined);
  const best = proven.reduce((most, commit) => (reachable(commit) > most ? reachable(commit) : most), 0n);
  const [first, ...others] = ranked.filter(({ candidate }) => candidate === undefined);
  if (first === undefined) return [];
  if (proven.length === 0) return [first];
  return [first, ...others].filter((commit) => reachable(commit) > best);
}
