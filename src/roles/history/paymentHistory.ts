import type { Commitment } from "../../chain/index.ts";
import type { Flags } from "../../protocol/flags.ts";
import { roundOf } from "../../protocol/round.ts";
import { type KeptBlock, type PaidBlock, unclaimedSlots } from "../l1View.ts";
import type { EventArgs } from "./event.ts";

/** Paid blocks that are remembered for redemption: slash windows of usual length end within them. */
const MAX_KEPT = 64;

/** Blocks that were paid: what provers may claim of them, and what redeems them. */
export class PaymentHistory {
  /** Those with slots that are not claimed yet, by proposalId. */
  readonly paid = new Map<bigint, PaidBlock>();
  /** The last ones, the oldest first. */
  kept: readonly KeptBlock[] = [];
  readonly #isByHead: boolean;

  /** @param isByHead whether a prover is paid once for a block, not for each slot */
  constructor(isByHead: boolean) {
    this.#isByHead = isByHead;
  }

  onPaid(proposalId: bigint, { transcript, terms }: Commitment, flags: Flags): void {
    const { height } = roundOf(terms.roundId);
    this.paid.set(proposalId, { proposalId, height, transcript, flags, isByHead: this.#isByHead, claimed: [] });
    this.kept = [...this.kept, { proposalId, transcript, flags, redeemed: [] }].slice(-MAX_KEPT);
  }

  onClaimed(args: EventArgs): void {
    const id = args["proposalId"] as bigint;
    const before = this.paid.get(id);
    if (before === undefined) return;
    const block = { ...before, claimed: [...before.claimed, ...(args["slots"] as readonly bigint[]).map(Number)] };
    if (unclaimedSlots(block).length === 0) this.paid.delete(id);
    else this.paid.set(id, block);
  }

  onRedeemed(args: EventArgs): void {
    const index = Number(args["proverIndex"]);
    this.kept = this.kept.map((block) =>
      block.proposalId === args["proposalId"] ? { ...block, redeemed: [...block.redeemed, index] } : block,
    );
  }
}
