import { score } from "../../protocol/score.ts";
import { BPS } from "../../protocol/terms.ts";
import { CERTAIN, chanceOf } from "./chances.ts";

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
export const isRival = (a: Place, b: Place): boolean => a.proposer === b.proposer && a.parent === b.parent;

type Place = { readonly [K in "proposer" | "parent"]?: Offer[K] | undefined };

/** What a block brings to a contest. */
export interface Contender {
  /** proposalId. */
  readonly parent: bigint;
  readonly provers: number;
  /** BID_UNIT. */
  readonly burnBid: bigint;
}

export interface BallotTerms {
  /** Of the height before scaling, wei. */
  readonly blockReward: bigint;
  /** 0: provers are paid by slot; above 0, by head. */
  readonly fairShareBps: number;
  /** Slots of a forest. */
  readonly slots: number;
  /** Of one prover. */
  readonly maxSlots: number;
  /** Provers that may vote. */
  readonly eligible: number;
  /** By proposalId: provers whose votes were heard. */
  readonly voters: ReadonlyMap<bigint, number>;
  /** Blocks that are committed already. */
  readonly committed: readonly Contender[];
  /** How likely a parent is to win, of `CERTAIN`. */
  readonly parentChance: (parent: bigint) => bigint;
  /** How likely a proposer is to commit what it offers, of `CERTAIN`. */
  readonly trust: (proposer: string) => bigint;
  /** Slots that the prover can still promise to blocks on a parent. */
  readonly free: (parent: bigint) => number;
  /** What proving a slot costs it, wei. */
  readonly costPerSlot: bigint;
}

/** A promise to be made. */
export interface Pledge extends Pick<Offer, "proposalId" | "proposer" | "parent"> {
  readonly capacity: number;
  /** BID_UNIT: what was offered. Who commits with less does not have the vote. */
  readonly minBurnBid: bigint;
}

/**
 * Provers that an offer may count on: those whose votes were heard, and half of those that have not said anything: they
 * can vote for all offers or for none.
 */
function expectedProvers({ proposalId }: Offer, { eligible, voters, slots }: BallotTerms): number {
  const heard = voters.get(proposalId) ?? 0;
  return Math.max(1, Math.min(slots, heard + Math.ceil(Math.max(0, eligible - heard) / 2)));
}

/**
 * What a prover votes for: offers in the order of the profit that a slot promises, as long as there is a profit and
 * capacity is left; of rivals one alone, else a proposer could have all votes by many offers. What a slot promises is
 * its part of the provers' share, times the chance that the block wins; the proof costs the same whether it wins or
 * not. The chance is its part of all scores that can be reached on its parent, with the provers that each may count on
 * and as far as its proposer is trusted, times the chance of the parent.
 */
export function castBallot(offers: readonly Offer[], terms: BallotTerms): Pledge[] {
  const strengthOf = (offer: Offer): bigint =>
    (score(expectedProvers(offer, terms), offer.burnBid) * terms.trust(offer.proposer)) / CERTAIN;
  const best = offers.filter((offer) => !offers.some((other) => isRival(offer, other) && isBefore(other, offer)));
  const totals = new Map<bigint, bigint>();
  const count = (parent: bigint, strength: bigint): unknown =>
    totals.set(parent, (totals.get(parent) ?? 0n) + strength);
  for (const offer of best) count(offer.parent, strengthOf(offer));
  for (const { parent, provers, burnBid } of terms.committed) count(parent, score(provers, burnBid));

  const weighed = best.map((offer) => {
    const chance = chanceOf(strengthOf(offer), totals.get(offer.parent)!);
    const pay = (payOf(offer, terms) * chance * terms.parentChance(offer.parent)) / (CERTAIN * CERTAIN);
    return { offer, profit: pay - terms.costPerSlot };
  });
  weighed.sort((a, b) => (a.profit !== b.profit ? (a.profit > b.profit ? -1 : 1) : compareIds(a.offer, b.offer)));

  const left = new Map<bigint, number>();
  const ballot: Pledge[] = [];
  for (const { offer, profit } of weighed) {
    const { proposalId, proposer, parent, burnBid } = offer;
    const free = left.get(parent) ?? terms.free(parent);
    const capacity = Math.min(terms.slots, terms.maxSlots, free);
    if (profit <= 0n || capacity <= 0) continue;
    ballot.push({ ...{ proposalId, proposer, parent }, capacity, minBurnBid: burnBid });
    left.set(parent, free - capacity);
  }
  return ballot;
}

/** Wei that a slot earns if its block wins and everybody delivers. */
function payOf(offer: Offer, terms: BallotTerms): bigint {
  const { blockReward, slots, fairShareBps, maxSlots } = terms;
  if (fairShareBps === 0) return (blockReward * BigInt(offer.proverShareBps)) / (BPS * BigInt(slots));
  const provers = expectedProvers(offer, terms);
  const held = Math.min(maxSlots, Math.ceil(slots / provers));
  return (blockReward * BigInt(fairShareBps)) / (BPS * BigInt(provers) * BigInt(held));
}

/** Of a proposer's offers on a parent the one counts that promises most, and of equal ones the first. */
function isBefore(a: Offer, b: Offer): boolean {
  const [x, y] = [a, b].map(({ proverShareBps, burnBid }) => BigInt(proverShareBps) * burnBid ** 2n) as [
    bigint,
    bigint,
  ];
  return x !== y ? x > y : a.proposalId < b.proposalId;
}

const compareIds = (a: Offer, b: Offer): number => (a.proposalId < b.proposalId ? -1 : 1);
