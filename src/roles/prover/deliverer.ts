import { handInProofs } from "../../block/handInProofs.ts";
import { submitBlock } from "../../block/submitBlock.ts";
import type { ProofMessage } from "../../gossip/index.ts";
import { slotCount } from "../../protocol/nodes.ts";
import { before } from "../deadline.ts";
import { commitIn, type L1View } from "../l1View.ts";
import { rememberOutputs } from "../lateOutputs.ts";
import type { NodeVerifier, TalkingPorts } from "../ports.ts";
import { ProofCredit, warnOfInvalid } from "../proofCredit.ts";
import { broadcast } from "../broadcast.ts";
import { ForeignProofs } from "./foreignProofs.ts";
import type { OpenPlans } from "./openPlans.ts";
import { ownAt, type ProofEntry, type ProverMemory } from "./own.ts";
import { type ProverAction, slotKey } from "./view.ts";

export interface DelivererPorts extends TalkingPorts {
  /** Checks what others have proven before it is shown to L1. */
  readonly verifier: NodeVerifier;
}

/** Shows proofs to the network and to L1: a prover's own, and those of others that go along. */
export class Deliverer {
  readonly #ports: DelivererPorts;
  readonly #memory: ProverMemory;
  readonly #plans: OpenPlans;
  readonly #sent: Set<string>;
  readonly #foreign: ForeignProofs;

  /** @param sent see `ProverView` */
  constructor(ports: DelivererPorts, memory: ProverMemory, plans: OpenPlans, sent: Set<string>) {
    this.#ports = ports;
    this.#memory = memory;
    this.#plans = plans;
    this.#sent = sent;
    const credit = new ProofCredit((proof) => ports.hearing.senderOf(proof));
    this.#foreign = new ForeignProofs(ports.verifier, credit, (proof) => warnOfInvalid(ports.log, proof));
  }

  /** Proofs that were heard and are not known to be bad, by block. */
  get heard(): ReadonlyMap<bigint, readonly ProofMessage[]> {
    return this.#foreign.credible(this.#ports.hearing.proofs);
  }

  async publish({ proposalId, slot }: ProverAction & { kind: "publish" }, l1: L1View): Promise<void> {
    const { mask, workerKey, beta, proof } = this.#proofOf(proposalId, slot, l1);
    await broadcast(this.#ports, "proofs", { proposalId, slot, mask, workerKey, beta, proof });
    this.#sent.add(slotKey(proposalId, slot));
  }

  async handIn({ proposalId, slots, others }: ProverAction & { kind: "handIn" }, l1: L1View): Promise<void> {
    const { client, signer, hearing } = this.#ports;
    const { commitment, candidate } = commitIn(l1, proposalId)!;
    const plan = this.#plans.of(proposalId, l1)!;
    const own = slots.map((slot) => this.#proofOf(proposalId, slot, l1));
    const helped = await this.#foreign.deliveries(plan, others, hearing.proofs.get(proposalId) ?? []);
    const sender = before(signer, l1, l1.round.acceptanceEnds);
    if (own.length + helped.length === 0) return;
    await handInProofs(client, sender, commitment, plan, [...own, ...helped]);
    // What comes before there is a forest is kept without its outputs.
    if (candidate !== undefined) rememberOutputs(this.#sent, proposalId, own);
  }

  /** Submits a forest of its own proofs and others. One that is bad leaves a gap: then it decides anew. */
  async complete(proposalId: bigint, l1: L1View): Promise<void> {
    const { client, signer, hearing } = this.#ports;
    const { commitment } = commitIn(l1, proposalId)!;
    const plan = this.#plans.of(proposalId, l1)!;
    const own = this.#proofsAt(l1).filter((proof) => proof.proposalId === proposalId);
    const forest = await this.#foreign.forest(plan, own, hearing.proofs.get(proposalId) ?? []);
    if (forest.length !== slotCount(plan.block.profile)) return;
    await submitBlock(client, before(signer, l1, l1.round.acceptanceEnds), { commitment }, plan, forest);
    rememberOutputs(this.#sent, proposalId, forest);
  }

  #proofsAt(l1: L1View): readonly ProofEntry[] {
    return ownAt(l1, this.#memory.own).proofs;
  }

  #proofOf(proposalId: bigint, slot: number, l1: L1View): ProofEntry {
    return this.#proofsAt(l1).find((entry) => entry.proposalId === proposalId && entry.slot === slot)!;
  }
}
