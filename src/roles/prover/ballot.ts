import { BPS } from "../../protocol/terms.ts";

/** An offer as a prover weighs it. */
export interface Offer {
  readonly proposalId: bigint;
  /** Address. */
  readonly proposer: string;
  /** proposalId of the block that it builds on. */
  readonly parent: bigint;
  readonly proverShareBps: number;
  /** What its proposer means to bid, BID_UNIT. */
  readonly burnBid: bigint;
}

/** A proposer commits to one block on a parent: of its offers there one can be meant. */
export const isRival = (a: Offer, b: Offer): boolean => a.proposer === b.proposer && a.parent === b.parent;

export interface BallotTerms {
  /** Of the height before scaling, wei. */
  readonly blockReward: bigint;
  /** Slots of a forest. */
  readonly slots: number;
  /** Slots that the prover can prove in a round, less those that it has promised for this one. */
  readonly capacity: number;
  /** What proving a slot costs it, wei. */
  readonly costPerSlot: bigint;
}

/** A promise to be made. */
export interface Pledge {
  readonly proposalId: bigint;
  readonly capacity: number;
  /** BID_UNIT: what was offered. Who commits with less does not have the vote. */
  readonly minBurnBid: bigint;
}

/**
 * What a prover votes for: offers in the order of the profit that a slot promises, as long as there is a profit and
 * capacity is left; of rivals one alone, else a proposer could have all votes by many offers. A slot's profit is its
 * part of the provers' share, times the chance that the block wins, less what the proof costs. Votes are free and
 * provers many, so all blocks may hope for the same provers: then scores compare as the squares of the bids, and so do
 * the chances here.
 */
export function castBallot(offers: readonly Offer[], terms: BallotTerms): Pledge[] {
  const { blockReward, slots, costPerSlot } = terms;
  const ranked = offers
    .map((offer) => ({ offer, promise: BigInt(offer.proverShareBps) * offer.burnBid ** 2n }))
    .sort((a, b) =>
      a.promise !== b.promise ? (a.promise > b.promise ? -1 : 1) : a.offer.proposalId < b.offer.proposalId ? -1 : 1,
    );
  const best = ranked.filter(({ offer }, i) => !ranked.slice(0, i).some((before) => isRival(before.offer, offer)));
  const squares = best.reduce((sum, { offer }) => sum + offer.burnBid ** 2n, 0n);
  let { capacity } = terms;
  const ballot: Pledge[] = [];
  for (const { offer, promise } of best) {
    const profit = (blockReward * promise) / (BPS * BigInt(slots) * squares) - costPerSlot;
    const part = Math.min(slots, capacity);
    if (profit <= 0n || part <= 0) break;
    ballot.push({ proposalId: offer.proposalId, capacity: part, minBurnBid: offer.burnBid });
    capacity -= part;
  }
  return ballot;
}
