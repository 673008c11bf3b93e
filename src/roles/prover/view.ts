import type { Forest } from "../../protocol/nodes.ts";
import type { ProofAtHand } from "../additions.ts";
import type { Economy } from "../economy.ts";
import type { L1View } from "../l1View.ts";
import type { Offer, Pledge } from "./ballot.ts";
import type { Lapses } from "./lapses.ts";
import type { Rates } from "./rates.ts";
import type { Redeemable } from "./redeeming.ts";

/** How a prover plays. */
export interface ProverPolicy {
  /** Slots that its votes for a round promise at most, however fast it proves. */
  readonly capacity: number;
  /** What proving a slot costs it, wei of the native token: what promises less is not voted for. */
  readonly costPerSlot: bigint;
  /** What the transactions of a whole forest cost it, wei of the native token; undefined: it submits none. */
  readonly costPerForest: bigint | undefined;
  /** Proofs that it makes at a time. */
  readonly jobs: number;
  /** What a proof takes that was never measured here, seconds. */
  readonly secondsPerProof: number;
  /** Of so many leading blocks it proves, without a name, what nobody else has proven, whether that pays or not. */
  readonly fills: number;
  /** Whether it does so in all others in which its own slots are likely to earn more than that costs. */
  readonly fillsWhatPays: boolean;
  /** Whether it shows L1 itself what forests leave out of its promises. */
  readonly handsIn: boolean;
  /** Whether it takes deliveries of others along that nobody has shown L1 at the very end. */
  readonly helps: boolean;
  /** Unclaimed slots from which on it claims their rewards; undefined: never. */
  readonly claimFrom: number | undefined;
  /** Whether it has misses taken away for what it has kept since: its next slash costs less then. */
  readonly redeems: boolean;
  /** When its stake falls below `floor` it is filled up to `target` from its owner's tokens, wei; undefined: never. */
  readonly stake: { readonly floor: bigint; readonly target: bigint } | undefined;
  /** Whether it leaves: it gives no new votes, keeps its word, claims, asks for its exit, and takes its stake back. */
  readonly exit: boolean;
}

/** For whoever does not say otherwise. */
export const PROVER_DEFAULTS: ProverPolicy = {
  ...{ capacity: 4_096, costPerSlot: 1n, costPerForest: undefined, jobs: 1, secondsPerProof: 30 },
  ...{
    fills: 1,
    fillsWhatPays: true,
    handsIn: true,
    helps: false,
    claimFrom: 1,
    redeems: true,
    stake: undefined,
    exit: false,
  },
};

/** What a prover sees: L1, and what it has heard. */
export interface ProverView {
  readonly l1: L1View;
  readonly forest: Forest;
  readonly economy: Economy;
  /** In the registry. */
  readonly index: number;
  readonly key: bigint;
  /** What its owner has of the native token, wei; 0 as long as nobody has asked. */
  readonly balance: bigint;
  /** What takes its misses away, the first one first; empty if it has none. */
  readonly redeemable: readonly Redeemable[];
  /** Offers for the round that takes commits. */
  readonly offers: readonly Offer[];
  /** Which proposers have taken its votes and committed nothing. */
  readonly lapses: Lapses;
  /** By block: distinct provers whose votes for it were heard since the start. */
  readonly voters: ReadonlyMap<bigint, number>;
  /** Blocks of the open round that everything is known of that proving takes. */
  readonly provable: ReadonlySet<bigint>;
  /** Proofs that were heard and are not known to be bad, by block. */
  readonly proofs: ReadonlyMap<bigint, readonly ProofAtHand[]>;
  /** What proofs take here. */
  readonly rates: Rates;
  /** Slots that are being proven, as `slotKey` writes them. */
  readonly inHand: ReadonlySet<string>;
  /** Votes, proofs, and VRF outputs to L1 that were sent since the start: `voteKey`, `slotKey`, `outputKey`. */
  readonly sent: ReadonlySet<string>;
  /** Keys of actions that failed and wait. */
  readonly refused: ReadonlySet<string>;
}

export type ProverAction =
  | { readonly kind: "keep"; readonly proposalId: bigint }
  | ({ readonly kind: "vote"; readonly roundNumber: bigint } & Pledge)
  | { readonly kind: "sayVote"; readonly proposalId: bigint }
  | { readonly kind: "prove"; readonly proposalId: bigint; readonly slot: number; readonly isNamed: boolean }
  | { readonly kind: "publish"; readonly proposalId: bigint; readonly slot: number }
  | {
      readonly kind: "handIn";
      readonly proposalId: bigint;
      readonly slots: readonly number[];
      /** Slots of others whose deliveries go along. */
      readonly others: readonly number[];
    }
  | { readonly kind: "complete"; readonly proposalId: bigint }
  | { readonly kind: "claim"; readonly slots: number }
  | { readonly kind: "redeem"; readonly proposalId: bigint; readonly transcript: string }
  | { readonly kind: "addStake"; readonly amount: bigint }
  | { readonly kind: "requestExit" }
  | { readonly kind: "withdraw" };

export const slotKey = (proposalId: bigint, slot: number | ""): string => `${proposalId} ${slot}`;
export const voteKey = (proposalId: bigint): string => `vote ${proposalId}`;
