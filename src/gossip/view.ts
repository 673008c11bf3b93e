import type { Profile } from "../protocol/profile.ts";
import type { Proposal } from "../protocol/proposal.ts";
import type { GossipRoute } from "./certificate.ts";

/** What a validator knows: plain data, read from L1 and from what was accepted before. */
export interface GossipView {
  /** L1 time, Unix seconds. */
  readonly now: bigint;
  readonly rollup: RollupView;
  /** The rounds that take commits, now or as soon as somebody acts. */
  readonly rounds: readonly OpenRound[];
  /** Those that may still win, by proposalId: heard of, or committed on L1. */
  readonly proposals: ReadonlyMap<bigint, KnownProposal>;
  /** Registered provers by key. */
  readonly provers: ReadonlyMap<bigint, KnownProver>;
  /**
   * What those with a seat have deposited for even and for odd heights, BID_UNIT, by address with its checksum. A seat
   * alone costs nothing.
   */
  readonly deposits: ReadonlyMap<string, readonly [even: bigint, odd: bigint]>;
  /** After the last final block; undefined for an index without an account. */
  readonly account: (index: number) => KnownAccount | undefined;
}

export interface RollupView extends GossipRoute {
  readonly profile: Profile;
  /** BID_UNIT. */
  readonly minBid: bigint;
}

export interface OpenRound {
  readonly roundId: bigint;
  /** proposalIds that a block of the round may build on. */
  readonly parents: readonly bigint[];
}

export interface KnownProposal {
  readonly proposal: Proposal;
  /** What L1 has of it; undefined until its proposer has committed. */
  readonly committed: CommittedProposal | undefined;
}

export interface CommittedProposal {
  /** Registered key of each slot's prover, 0 if unassigned; in slot order. Foreseen until the round is open. */
  readonly keys: readonly bigint[];
  readonly isOpen: boolean;
}

export interface KnownProver {
  /** In the registry. */
  readonly index: number;
  /** Address, with its checksum. */
  readonly owner: string;
  /** Wei. */
  readonly stake: bigint;
  /** Whether it counts in rounds to come. */
  readonly isEligible: boolean;
}

export interface KnownAccount {
  /** The y coordinate of its owner's public key. */
  readonly key: bigint;
  readonly nonce: bigint;
}
