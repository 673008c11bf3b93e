import type { ProverVote } from "../../block/assign.ts";
import { keyHash } from "../../protocol/keys.ts";
import type { Vote } from "../../protocol/vote.ts";
import type { L1View } from "../l1View.ts";
import { type DeliveryRecord, isReliable, NEW_RECORD } from "../records.ts";

/** Votes that were heard for a draft, by who cast them and is eligible, as {@link rankVoters} orders them. */
export function votesThatCount(
  heard: readonly Vote[],
  l1: Pick<L1View, "provers" | "records">,
  least: number,
): readonly ProverVote[] {
  const indexes = new Map(l1.provers.flatMap(({ key, index, isEligible }) => (isEligible ? [[key, index]] : [])));
  const votes = heard.flatMap((vote) => {
    const prover = indexes.get(keyHash(vote.key));
    return prover === undefined ? [] : [{ prover, vote }];
  });
  return rankVoters(votes, l1, least);
}

/**
 * The votes that a transcript may be made from: those of provers that deliver, the most reliable first, and of equal
 * ones in the order of their indexes: not of their arrival. The others only fill up to `least` provers: without them
 * there would be no block, and that is worse than one with a gap.
 */
export function rankVoters(
  votes: readonly ProverVote[],
  { records }: Pick<L1View, "records">,
  least: number,
): readonly ProverVote[] {
  const recordOf = ({ prover }: ProverVote): DeliveryRecord => records.get(prover) ?? NEW_RECORD;
  const ranked = [...votes].sort((a, b) => {
    const [x, y] = [recordOf(a).reliability, recordOf(b).reliability];
    return x !== y ? (x > y ? -1 : 1) : a.prover - b.prover;
  });
  const kept = ranked.filter((vote) => isReliable(recordOf(vote)));
  const named = new Set(kept.map(({ prover }) => prover));
  for (const vote of ranked) {
    if (isReliable(recordOf(vote)) || (named.size >= least && !named.has(vote.prover))) continue;
    named.add(vote.prover);
    kept.push(vote);
  }
  return kept;
}
