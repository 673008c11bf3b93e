import type { Advance } from "../chain/index.ts";
import type { CommittedBlock } from "../block/commitDraft.ts";
import type { Flags } from "../protocol/flags.ts";

/** A block that earned something, for the claims. */
export interface PaidBlock {
  readonly block: CommittedBlock;
  /** Over all its submissions. */
  readonly flags: Flags;
}

/** What happened, for the summary and the books. */
export class Tally {
  /** Verified on L1. */
  candidates = 0;
  unclesPaid = 0;
  restarts = 0;
  /** Provers that paid for what they had promised and not delivered. */
  slashed = 0;
  /** Proofs that their provers put on L1 themselves. */
  handedIn = 0;
  /** Commits that lost a part of their bid. */
  forfeited = 0;
  /** Of those, blocks that were proven, and paid for the provers that they named without their votes. */
  bluffed = 0;
  /** Blocks whose reveal took more than one transaction. */
  revealedInParts = 0;
  /** Deposits that opened or filled an account. */
  depositsSettled = 0;
  /** Operations that owners forced from L1, as blocks had them. */
  forcedIncluded = 0;
  /** Exits that were paid to their owners. */
  exitsClaimed = 0;
  /** Accounts that left a frozen chain. */
  escaped = 0;
  /** Operations that a frozen chain's queue gave back. */
  refunded = 0;
  /** Whether a height was revealed in the very window that the one before left. */
  pipelined = false;
  /** Numbers of decided rounds. */
  readonly rounds: bigint[] = [];
  /** Assigned, but not voted and delivered, in blocks that were paid. */
  unfulfilledSlots = 0;
  /** Groth16 proofs made, registrations included. */
  proofs = 0;
  /** Of the winner, by height. */
  readonly distinctProvers: number[] = [];
  readonly paid: PaidBlock[] = [];
  /** Wei. */
  minted = 0n;
  burned = 0n;
  /** Of that, when provers registered. */
  registrationFees = 0n;
  claimed = 0n;
  /** Credited to the builders of L1 blocks. */
  tipped = 0n;
  staked = 0n;
  /** What left with accounts that escaped. */
  escapedBalance = 0n;
  /** Taken from stakes, burned. */
  charged = 0n;
  proveSeconds = 0;

  registered(stake: bigint, fee: bigint): void {
    this.proofs++;
    this.staked += stake;
    this.burned += fee;
    this.registrationFees += fee;
  }

  advanced({ minted, burnt, tip, paid }: Advance): void {
    this.minted += minted;
    this.burned += burnt;
    this.tipped += tip;
    this.unclesPaid += paid.length - 1;
  }
}
