import type { Flags } from "../../protocol/flags.ts";
import type { Transcript } from "../../protocol/transcript.ts";

/** What a commit says. */
export interface Commit {
  /** proposalId, or whatever else tells blocks apart: only the order of ids matters. */
  readonly id: bigint;
  /** The proposer's seat, from 1. */
  readonly seat: number;
  /** BID_UNIT. */
  readonly burnBid: bigint;
  readonly shareBps: number;
  readonly transcript: Transcript;
  /** The block of the open round that it builds on, for the next height. */
  readonly parent?: Block;
  /** Transfers. */
  readonly txCount?: number;
  /** Wei of the asset. */
  readonly fees?: bigint;
}

/** What was proven of a block. */
export interface Proven {
  /** Of each slot: voted and delivered. */
  flags: Flags;
  /** The highest so far. */
  score: bigint;
  /** Distinct provers with a fulfilled slot. */
  provers: number;
  fulfilledWeight: bigint;
  /** Distinct provers without a proven vote, of those named. */
  silent: number;
  named: number;
}

/** How a paid block was paid. */
export interface Paid {
  /** 0: the winner; else an uncle. */
  readonly place: number;
  /** BID_UNIT. */
  readonly burnt: bigint;
  /** Wei for a unit of fulfilled weight; under fair pay, for a prover. */
  readonly proverUnit: bigint;
  /** Of its proposer, wei, without the tip. */
  readonly proposer: bigint;
}

/** A commit and what came of it. */
export interface Block extends Omit<Commit, "parent"> {
  readonly height: number;
  readonly roundNumber: number;
  /** Seat of the parent; 0 in a fresh round. */
  readonly parentRef: number;
  /** Unix seconds. */
  readonly committedAt: number;
  isRevealed: boolean;
  /** Known from the reveal on: slots that somebody answers for, and the moments of its round. */
  held: Transcript;
  eligibleAt: number;
  exponent: number;
  acceptanceEnds: number;
  /** By prover, of the round; empty unless the policy uses them. */
  betas: ReadonlyMap<number, bigint>;
  /** Votes and deliveries that L1 keeps until there is a candidate. */
  kept: Flags;
  proven: Proven | undefined;
  paid: Paid | undefined;
  readonly slashed: Set<number>;
  readonly redeemed: Set<number>;
}
