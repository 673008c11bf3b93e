import { type Forest, isWithin, nodeAt, slotCount } from "../protocol/nodes.ts";
import type { Transcript } from "../protocol/transcript.ts";
import type { Vote } from "../protocol/vote.ts";

/** A vote and the registry index of the prover that cast it. */
export interface ProverVote {
  readonly prover: number;
  readonly vote: Vote;
}

/** A proposer's choice of provers. */
export interface Assignment {
  readonly transcript: Transcript;
  /** The one vote of each assigned prover that the transcript relies on. */
  readonly votes: ReadonlyMap<number, Vote>;
}

/**
 * Assigns as many distinct provers as the votes allow, since the score grows with their cube, then spreads what is left
 * over those with the fewest slots. Relies on one vote per prover: the widest, then the one with the most capacity.
 *
 * Sub-trees either nest or do not meet, so serving the smallest first wastes no place that only it could have used: the
 * number of distinct provers is the greatest possible.
 *
 * @param votes    for this proposal, already verified; those above `burnBid` are left out
 * @param maxSlots of one prover, see `maxSlotsPerProver` of the registry
 */
export function assignProvers(
  forest: Forest,
  votes: readonly ProverVote[],
  burnBid: bigint,
  maxSlots: number,
): Assignment {
  const chosen = widestVotes(votes.filter(({ vote }) => vote.capacity > 0 && vote.minBurnBid <= burnBid));
  const transcript = new Array<number>(slotCount(forest)).fill(0);
  const load = new Map<number, number>();
  const give = (slot: number, prover: number): void => {
    transcript[slot] = prover;
    load.set(prover, (load.get(prover) ?? 0) + 1);
  };
  const covers = (vote: Vote, slot: number): boolean => isWithin(forest, nodeAt(forest, slot), vote);

  for (const { prover, vote } of [...chosen].sort((a, b) => b.vote.depth - a.vote.depth)) {
    // From the back: base nodes first, the scarce places near the root last.
    const slot = transcript.findLastIndex((taken, slot) => taken === 0 && covers(vote, slot));
    if (slot >= 0) give(slot, prover);
  }
  transcript.forEach((taken, slot) => {
    if (taken !== 0) return;
    let best: number | undefined;
    for (const { prover, vote } of chosen) {
      const slots = load.get(prover) ?? 0;
      if (slots >= Math.min(vote.capacity, maxSlots) || !covers(vote, slot)) continue;
      if (best === undefined || slots < (load.get(best) ?? 0)) best = prover;
    }
    if (best !== undefined) give(slot, best);
  });
  return {
    transcript,
    votes: new Map(chosen.filter(({ prover }) => load.has(prover)).map(({ prover, vote }) => [prover, vote])),
  };
}

function widestVotes(votes: readonly ProverVote[]): ProverVote[] {
  const widest = new Map<number, ProverVote>();
  for (const candidate of votes) {
    const known = widest.get(candidate.prover)?.vote;
    const { depth, capacity } = candidate.vote;
    if (known === undefined || depth < known.depth || (depth === known.depth && capacity > known.capacity)) {
      widest.set(candidate.prover, candidate);
    }
  }
  return [...widest.values()];
}
