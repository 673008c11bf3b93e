import type { Assignment, ProverVote } from "../../block/assign.ts";
import type { Commitment } from "../../chain/index.ts";
import type { Forest } from "../../protocol/nodes.ts";
import type { ProofAtHand } from "../additions.ts";
import type { Economy } from "../economy.ts";
import type { L1View } from "../l1View.ts";
import type { BidPolicy } from "./bidding.ts";

/** How a proposer plays. */
export interface ProposerPolicy extends BidPolicy {
  /** Of the reward, to the provers. Under fair pay it is what the deployment says. */
  readonly proverShareBps: number;
  /** Whether it commits to heights whose parent is not decided yet. */
  readonly ahead: boolean;
  /** Parents on which it commits to such a height, at most; the best ones. One of them wins, and costs a bid. */
  readonly branches: number;
  /** Distinct provers without whose votes it does not commit. */
  readonly minProvers: number;
  /** Seconds that it gives provers to vote where no window is running. */
  readonly patience: number;
  /**
   * Seconds after which it makes a decided block of somebody else final. With its own, which earns by it, it does not
   * wait. Undefined: it leaves both to others.
   */
  readonly advanceAfter: number | undefined;
  /** When a lane has less than `floor` it is filled up to `target` from its tokens, BID_UNIT; undefined: never. */
  readonly deposit: { readonly floor: bigint; readonly target: bigint } | undefined;
  /** Wei of rewards from which on it claims them; undefined: never. */
  readonly claimFrom: bigint | undefined;
  /** Wei of the L2's asset from which on it claims fees; undefined: never. */
  readonly claimFeesFrom: bigint | undefined;
}

/** For whoever does not say otherwise: 5 tokens, and up to 100 against rivals as far as the block carries it. */
export const PROPOSER_DEFAULTS: ProposerPolicy = {
  ...{ proverShareBps: 5_000, burnBid: 50_000n, maxBid: 1_000_000n, raiseBps: 1_000n, valueBps: 9_000n, feePrice: 0n },
  ...{
    ahead: true,
    branches: 2,
    minProvers: 1,
    patience: 30,
    advanceAfter: 60,
    deposit: undefined,
    claimFrom: 1n,
    claimFeesFrom: 1n,
  },
};

/** What a proposer offers provers, as the network hears it. */
export interface HeardOffer {
  readonly proposalId: bigint;
  /** Address. */
  readonly proposer: string;
  readonly roundId: bigint;
  readonly parent: bigint;
  /** BID_UNIT. */
  readonly burnBid: bigint;
}

/** What a proposer sees: L1, and what it has heard. */
export interface ProposerView {
  readonly l1: L1View;
  readonly forest: Forest;
  readonly economy: Economy;
  /** Address. */
  readonly me: string;
  /** By parity of the height: whether the lane is in use by a commit, see `getLane`. */
  readonly lanesInUse: readonly [boolean, boolean];
  /** By parity of the height, BID_UNIT. */
  readonly deposits: readonly [bigint, bigint];
  /** What it has of the native token beside, wei; 0 as long as nobody has asked. */
  readonly balance: bigint;
  /** Wei of the native token that may be claimed. */
  readonly rewards: bigint;
  /** Wei of the L2's asset that may be claimed. */
  readonly fees: bigint;
  /** Votes of registered provers for this proposer's drafts, verified, the most reliable first: see `rankVoters`. */
  readonly votes: ReadonlyMap<bigint, readonly ProverVote[]>;
  /** What all proposers offer, as far as it was heard. */
  readonly offers: readonly HeardOffer[];
  /** By proposalId: distinct provers whose votes were heard. */
  readonly voters: ReadonlyMap<bigint, number>;
  /** By draft: wei of the native token that this proposer has if it wins, before its bid. */
  readonly values: ReadonlyMap<bigint, bigint>;
  /** Of this proposer's blocks: verified proofs that say anything, see `Assembler`. */
  readonly proofs: ReadonlyMap<bigint, readonly ProofAtHand[]>;
  /** Blocks whose L2 state is known here, so that one can build on them. */
  readonly buildable: ReadonlySet<bigint>;
  /** Offers and VRF outputs that were sent since the start, see `offerKey` and `outputKey`. */
  readonly sent: ReadonlySet<string>;
  /** Keys of actions that failed and wait. */
  readonly refused: ReadonlySet<string>;
}

export type ProposerAction =
  | { readonly kind: "settle"; readonly commitment: Commitment }
  | { readonly kind: "reveal"; readonly proposalId: bigint }
  | { readonly kind: "submit"; readonly proposalId: bigint }
  | { readonly kind: "handIn"; readonly proposalId: bigint; readonly slots: readonly number[] }
  | {
      readonly kind: "draft";
      readonly roundNumber: bigint;
      readonly roundId: bigint;
      readonly parent: bigint;
    }
  | { readonly kind: "raise"; readonly roundNumber: bigint; readonly proposalId: bigint; readonly burnBid: bigint }
  | { readonly kind: "offer"; readonly proposalId: bigint; readonly burnBid: bigint }
  | ({ readonly kind: "commit"; readonly proposalId: bigint; readonly burnBid: bigint } & Pick<
      Assignment,
      "transcript"
    >)
  | { readonly kind: "advance"; readonly parent: bigint }
  | { readonly kind: "deposit"; readonly lane: 0 | 1; /** BID_UNIT. */ readonly amount: bigint }
  | { readonly kind: "claim"; readonly rewards: bigint }
  | { readonly kind: "claimFees"; readonly fees: bigint };

export const offerKey = (proposalId: bigint, burnBid: bigint): string => `offer ${proposalId} ${burnBid}`;
