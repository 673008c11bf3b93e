import type { CommittedBlock } from "../../block/commitDraft.ts";
import { handInProofs } from "../../block/handInProofs.ts";
import { revealBlock } from "../../block/revealBlock.ts";
import { submitBlock } from "../../block/submitBlock.ts";
import type { From, SubmitProofReturn } from "../../chain/index.ts";
import type { SlotProof } from "../../protocol/forest.ts";
import { decodeVote } from "../../protocol/messages.ts";
import type { BlockPlan } from "../../proving/forest.ts";
import type { Rules } from "../../state/executor.ts";
import { Assembler } from "../assembler.ts";
import { before } from "../deadline.ts";
import { commitIn, type L1View } from "../l1View.ts";
import { lateOutputs, rememberOutputs } from "../lateOutputs.ts";
import { planName, planOf } from "../plan.ts";
import type { NodeVerifier, TalkingPorts } from "../ports.ts";
import { ProofCredit, warnOfInvalid } from "../proofCredit.ts";
import { committedBlock } from "./committedBlock.ts";
import { intentIn, type ProposerMemory } from "./own.ts";
import { lateProofs } from "./ownBlock.ts";
import { slotsLeft } from "./revealTime.ts";
import type { ProposerAction } from "./view.ts";

export interface DelivererPorts extends TalkingPorts {
  readonly verifier: NodeVerifier;
  /** Sends reveals and nothing else: it has a private key here, as nodes do not sign blobs. */
  readonly revealer: From;
}

/** Reveals what was committed, collects its proofs, and brings them to L1. */
export class Deliverer {
  readonly #rules: Rules;
  readonly #ports: DelivererPorts;
  readonly #memory: ProposerMemory;
  readonly #credit: ProofCredit;
  readonly #sent: Set<string>;
  /** Of the open round's own commit, once it is revealed; `name` as `planName` says. */
  #collected: { readonly name: string; readonly proposalId: bigint; readonly assembler: Assembler } | undefined;

  /** @param sent see `ProposerView` */
  constructor(rules: Rules, ports: DelivererPorts, memory: ProposerMemory, sent: Set<string>) {
    this.#rules = rules;
    this.#ports = ports;
    this.#memory = memory;
    this.#sent = sent;
    this.#credit = new ProofCredit((proof) => ports.hearing.senderOf(proof));
  }

  /** Proofs that were heard of the own block, and are valid. */
  get proofs(): ReadonlyMap<bigint, readonly SlotProof[]> {
    if (this.#collected === undefined) return new Map();
    const { proposalId, assembler } = this.#collected;
    return new Map([[proposalId, assembler.proofs]]);
  }

  /** Checks what was heard of the own block since. @param me address */
  async collect(me: string, l1: L1View): Promise<void> {
    const mine = l1.open.find(({ commitment }) => commitment.proposer === me);
    if (mine?.reveal === undefined) return;
    const { proposalId } = mine;
    const name = planName(l1, mine);
    if (this.#collected?.name !== name) {
      const plan = this.#plan(proposalId, l1);
      if (plan === undefined) return;
      this.#collected = { name, proposalId, assembler: new Assembler(plan, this.#ports.verifier) };
    }
    const { hearing, log } = this.#ports;
    for (const proof of hearing.proofs.get(proposalId) ?? []) {
      if (this.#credit.isSpent(proof) || (await this.#collected.assembler.add(proof))) continue;
      this.#credit.blame(proof);
      warnOfInvalid(log, proof);
    }
  }

  async reveal(proposalId: bigint, l1: L1View): Promise<void> {
    const { client, revealer } = this.#ports;
    const sender = before(revealer, l1, l1.round.revealEnds);
    await revealBlock(client, sender, this.#committed(proposalId, l1), slotsLeft(l1));
  }

  async submit(proposalId: bigint, l1: L1View): Promise<SubmitProofReturn> {
    const { client, signer } = this.#ports;
    const block = this.#committed(proposalId, l1);
    const { forest } = this.#collected!.assembler;
    const sender = before(signer, l1, l1.round.acceptanceEnds);
    const submitted = await submitBlock(client, sender, block, this.#plan(proposalId, l1)!, forest);
    rememberOutputs(this.#sent, proposalId, forest);
    return submitted;
  }

  async handIn({ proposalId, slots }: ProposerAction & { kind: "handIn" }, l1: L1View): Promise<void> {
    const { client, signer } = this.#ports;
    const mine = commitIn(l1, proposalId)!;
    const { proofs } = this.#collected!.assembler;
    const late = lateProofs(l1, this.#rules.profile, mine, proofs);
    const all = late.length > 0 ? late : lateOutputs(l1, mine, proofs, this.#sent);
    const shown = all.filter(({ slot }) => slots.includes(slot));
    const sender = before(signer, l1, l1.round.acceptanceEnds);
    await handInProofs(client, sender, mine.commitment, this.#plan(proposalId, l1)!, shown);
    rememberOutputs(this.#sent, proposalId, shown);
  }

  #plan(proposalId: bigint, l1: L1View): BlockPlan | undefined {
    const mine = commitIn(l1, proposalId);
    const intent = intentIn(this.#memory.own, proposalId);
    if (mine === undefined || intent === undefined) return undefined;
    return planOf(l1, mine, intent.votes.map(decodeVote), this.#ports.ledger, this.#rules);
  }

  #committed(proposalId: bigint, l1: L1View): CommittedBlock {
    const executed = this.#ports.ledger.executed(proposalId)!;
    return committedBlock(this.#memory.own, commitIn(l1, proposalId)!, executed, this.#rules.domain);
  }
}
