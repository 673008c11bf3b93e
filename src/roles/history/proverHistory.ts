import type { Profile } from "../../protocol/profile.ts";
import type { Debt, L1Prover } from "../l1View.ts";
import { debtsOf, deliveriesOf, type ProvenBlock } from "../provenBlocks.ts";
import { afterRound, type DeliveryRecord, NEW_RECORD } from "../records.ts";
import type { EventArgs } from "./event.ts";

/** A prover by what events tell. */
type KnownProver = Omit<L1Prover, "isEligible">;

/** Heights whose scores the rollup remembers: older ones cannot be charged for. */
const RING = 1_024;

/** Provers, how they have kept their word, and what they owe. */
export class ProverHistory {
  /** In the order of their indexes, from 1. */
  readonly registered: KnownProver[] = [];
  /** By prover index, of those that have promised something. */
  readonly records = new Map<number, DeliveryRecord>();
  readonly #profile: Profile;
  #debts: readonly Debt[] = [];
  /** Rounds in which a prover was slashed and that are still remembered: `index height`. */
  readonly #missed = new Set<string>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** What may still be charged, as far as {@link forgive} was told what may not. */
  get debts(): readonly Debt[] {
    return this.#debts;
  }

  /** What is owed for a block can no longer be charged. */
  forgive(proposalId: bigint): void {
    this.#debts = this.#debts.filter((debt) => debt.proposalId !== proposalId);
  }

  onRegistered(args: EventArgs): void {
    const { key, owner, stake } = args as { key: bigint; owner: string; stake: bigint };
    this.registered.push({ index: Number(args["index"]), key, owner, stake, withdrawableAt: undefined });
  }

  onStake(args: EventArgs, stake = args["stake"] as bigint): void {
    this.#change(args, { stake });
  }

  onExitRequested(args: EventArgs): void {
    this.#change(args, { withdrawableAt: args["withdrawableAt"] as bigint });
  }

  onRedeemed(args: EventArgs): void {
    this.#onMisses(Number(args["proverIndex"]), Number(args["misses"]));
  }

  /** The court has charged for what was owed. All that a prover owes in a round is one miss. */
  onCharged(args: EventArgs): void {
    const proverIndex = Number(args["proverIndex"]);
    const isCharged = (debt: Debt): boolean =>
      debt.proposalId === args["proposalId"] && debt.proverIndex === proverIndex;
    const debt = this.#debts.find(isCharged);
    const miss = `${proverIndex} ${debt?.height}`;
    if (debt !== undefined && !this.#missed.has(miss)) {
      this.#missed.add(miss);
      this.#onMisses(proverIndex, (this.records.get(proverIndex) ?? NEW_RECORD).misses + 1);
    }
    this.#debts = this.#debts.filter((each) => !isCharged(each));
  }

  /** A round is over. @param proven of its blocks: what is missing there may be charged now */
  onDecided(height: number, proven: readonly ProvenBlock[]): void {
    const deliveries = deliveriesOf(this.#profile, proven);
    for (const index of new Set([...this.records.keys(), ...deliveries.keys()]))
      this.records.set(index, afterRound(this.records.get(index) ?? NEW_RECORD, deliveries.get(index)));
    const remembered = this.#debts.filter((debt) => debt.height > height - RING);
    this.#debts = [...remembered, ...debtsOf(this.#profile, proven, height)];
    for (const miss of this.#missed) if (Number(miss.split(" ")[1]) <= height - RING) this.#missed.delete(miss);
  }

  #change(args: EventArgs, change: Partial<KnownProver>): void {
    const at = Number(args["index"]) - 1;
    this.registered[at] = { ...this.registered[at]!, ...change };
  }

  #onMisses(index: number, misses: number): void {
    this.records.set(index, { ...(this.records.get(index) ?? NEW_RECORD), misses });
  }
}
