import type { Commitment, RoundState } from "../chain/index.ts";
import { isAccepting } from "../protocol/phase.ts";
import { type Flags, isFulfilled } from "../protocol/flags.ts";
import type { PackedOperation } from "../protocol/operation.ts";
import { score } from "../protocol/score.ts";
import { indexAt, type Transcript } from "../protocol/transcript.ts";
import type { DeliveryRecord } from "./records.ts";

/** What L1 says of the rollup at one block: plain data, all that a role decides by besides gossip. */
export interface L1View {
  readonly block: { readonly number: number; readonly hash: string };
  /** Timestamp of the block, Unix seconds. */
  readonly now: bigint;
  readonly round: RoundState;
  /** Commits of the open round whose parent is the block that it builds on, in the order that L1 took them. */
  readonly open: readonly L1Commit[];
  /** Commits to the next height on one of those. */
  readonly next: readonly L1Commit[];
  /**
   * Commits that may still forfeit, and that L1 lets anybody settle: not proven with all votes, not paid, not settled.
   * Of branches on one deposit the one that L1 wants opened.
   */
  readonly unsettled: readonly Commitment[];
  /** Winners and paid uncles with slots that are not claimed yet. */
  readonly paid: readonly PaidBlock[];
  /** Blocks that were paid lately, the oldest first: what provers kept in them redeems their misses. */
  readonly kept: readonly KeptBlock[];
  /** What provers have promised and not delivered, as long as the court can charge it. */
  readonly debts: readonly Debt[];
  /** The last final block, as L1 has stored it. 0: genesis. */
  readonly finalProposal: bigint;
  /** In the order of their indexes, from 1. */
  readonly provers: readonly L1Prover[];
  /** By prover index. Whoever is not in it has promised nothing yet. */
  readonly records: ReadonlyMap<number, DeliveryRecord>;
  /** Slots of one forest that a prover can hold. */
  readonly maxSlotsPerProver: number;
  /** By address. */
  readonly seats: ReadonlyMap<string, number>;
  /** Of those with a seat. */
  readonly deposits: ReadonlyMap<string, Deposits>;
  /** What every block of the open round begins with. */
  readonly operations: readonly PackedOperation[];
}

/** By parity of the height, BID_UNIT, as they were last moved: what has burned since is not taken off. */
export type Deposits = readonly [even: bigint, odd: bigint];

export interface L1Commit {
  readonly commitment: Commitment;
  readonly proposalId: bigint;
  /** proposalId of the block that it builds on. */
  readonly parent: bigint;
  readonly transcript: Transcript;
  /** Registered key of each slot's prover in its round, 0 if unassigned or not eligible. */
  readonly keys: readonly bigint[];
  /** Distinct provers among these. */
  readonly provers: number;
  /** Undefined until all of it is on L1. */
  readonly reveal: L1Reveal | undefined;
  /** What was proven of it, undefined before the first forest. */
  readonly candidate: L1Candidate | undefined;
  /** Deliveries and votes that L1 keeps until there is a candidate. */
  readonly handedIn: Flags;
}

export interface L1Reveal {
  readonly txsRoot: bigint;
  /** As its order says. */
  readonly txCount: bigint;
  /** Versioned hashes, in order. */
  readonly blobHashes: readonly string[];
}

export interface L1Candidate {
  /** Of the forest with the highest. */
  readonly score: bigint;
  /** Over all submissions and hand-ins. */
  readonly flags: Flags;
  /** Named provers without a proven vote, for whom it forfeits unless it is paid. */
  readonly silent: number;
}

export interface PaidBlock {
  readonly proposalId: bigint;
  readonly height: number;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  readonly flags: Flags;
  /** Whether one slot stands for all that a prover did in the block. */
  readonly isByHead: boolean;
  /** Slots that claims have named. */
  readonly claimed: readonly number[];
}

/** What a paid block says of its provers' promises. */
export interface KeptBlock extends Pick<PaidBlock, "proposalId" | "transcript" | "flags"> {
  /** Provers that were redeemed for it. */
  readonly redeemed: readonly number[];
}

/** Slots of a proven block of a decided round that their prover voted for and did not deliver; not charged yet. */
export interface Debt {
  readonly proposalId: bigint;
  readonly proverIndex: number;
  /** Of the block: two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  readonly height: number;
}

export interface L1Prover {
  readonly index: number;
  readonly key: bigint;
  /** Address. */
  readonly owner: string;
  /** Wei. */
  readonly stake: bigint;
  /** Whether it counts in rounds that open from now on: it has the stake, and does not leave. */
  readonly isEligible: boolean;
  /** From when on its owner takes its stake back, Unix seconds; undefined unless it has asked for its exit. */
  readonly withdrawableAt: bigint | undefined;
}

/** Slots of a block that were voted and delivered. */
export function fulfilledSlots({ transcript, flags }: Pick<PaidBlock, "transcript" | "flags">): number[] {
  const slots = (transcript.length - 2) / 4;
  return Array.from({ length: slots }, (_, slot) => slot).filter((slot) => isFulfilled(flags, slot));
}

/** Slots that are still to be claimed for a prover, or for all of them: as many as L1 takes in a claim. */
export function unclaimedSlots(block: PaidBlock, index?: number): number[] {
  const { transcript, isByHead, claimed } = block;
  const paidAs = (slot: number): number => (isByHead ? indexAt(transcript, slot) : slot);
  const paid = new Set(claimed.map(paidAs));
  const unclaimed: number[] = [];
  for (const slot of fulfilledSlots(block)) {
    if (paid.has(paidAs(slot)) || (index !== undefined && indexAt(transcript, slot) !== index)) continue;
    paid.add(paidAs(slot));
    unclaimed.push(slot);
  }
  return unclaimed;
}

/** Whether two commits are on the same deposit, to the same height: then they are branches. */
export const isOfLane = (a: Commitment, b: Commitment): boolean =>
  a.proposer === b.proposer && a.terms.roundId === b.terms.roundId;

/** The commit to a block of the open round, if there is one whose parent is the block that it builds on. */
export const commitIn = ({ open }: Pick<L1View, "open">, proposalId: bigint): L1Commit | undefined =>
  open.find((commit) => commit.proposalId === proposalId);

/** The open round's commits that may still win, best first: what is proven before what is only promised. */
export function ranking({ round, open }: Pick<L1View, "round" | "open">): readonly L1Commit[] {
  const canWin = ({ reveal, candidate }: L1Commit): boolean =>
    candidate !== undefined ||
    (round.phase === "Proposing" || round.phase === "Revealing"
      ? true
      : round.phase === "Proving" && reveal !== undefined);
  const potential = ({ provers, commitment }: L1Commit): bigint => score(provers, commitment.terms.burnBid);
  const order = (a: L1Commit, b: L1Commit): number => {
    if ((a.candidate === undefined) !== (b.candidate === undefined)) return a.candidate === undefined ? 1 : -1;
    const [x, y] = [a.candidate?.score ?? potential(a), b.candidate?.score ?? potential(b)];
    if (x !== y) return x > y ? -1 : 1;
    return a.commitment.committedAt < b.commitment.committedAt ? -1 : 1;
  };
  return open.filter(canWin).sort(order);
}

/**
 * How a commit that is sent now names the block that it builds on: by the seat of its proposer while it is not decided,
 * and 0 once it is. What was meant for the one may have to be sent for the other: the window may end in between.
 * @param parent proposalId
 */
export function parentRefOf(l1: Pick<L1View, "round" | "open" | "seats">, parent: bigint): number {
  if (!isAccepting(l1.round.phase)) return 0;
  const commit = commitIn(l1, parent);
  return (commit && l1.seats.get(commit.commitment.proposer)) ?? 0;
}
