import type { ProofMessage } from "../../gossip/index.ts";
import type { SlotProof } from "../../protocol/forest.ts";
import type { BlockPlan } from "../../proving/forest.ts";
import { Assembler } from "../assembler.ts";
import type { NodeVerifier } from "../ports.ts";
import type { ProofCredit } from "../proofCredit.ts";

type Heard = ReadonlyMap<bigint, readonly ProofMessage[]>;

/**
 * Proofs of others. A prover checks them only when it is about to show them to L1, where a bad one would spoil the
 * whole transaction; what was found to be bad is as if it had never been heard.
 */
export class ForeignProofs {
  readonly #verifier: NodeVerifier;
  readonly #onBad: (message: ProofMessage) => void;
  readonly #credit: ProofCredit;
  readonly #bad = new WeakSet<ProofMessage>();

  constructor(verifier: NodeVerifier, credit: ProofCredit, onBad: (message: ProofMessage) => void) {
    this.#verifier = verifier;
    this.#credit = credit;
    this.#onBad = onBad;
  }

  /** Those that are not known to be bad, and whose senders are worth a check. */
  credible(heard: Heard): Heard {
    return new Map([...heard].map(([id, proofs]) => [id, proofs.filter((proof) => this.#isCredible(proof))]));
  }

  /** A forest of own proofs and what was heard: one that is checked for each slot that has any. */
  async forest(plan: BlockPlan, own: readonly ProofMessage[], heard: readonly ProofMessage[]) {
    const assembler = new Assembler(plan, this.#verifier);
    for (const proof of own) await assembler.add(proof);
    for (const proof of heard) await this.#add(assembler, proof);
    return assembler.forest;
  }

  /** For each of these slots a delivery that is checked, where one was heard. */
  async deliveries(plan: BlockPlan, slots: readonly number[], heard: readonly ProofMessage[]): Promise<SlotProof[]> {
    const found: SlotProof[] = [];
    for (const slot of slots) {
      const assembler = new Assembler(plan, this.#verifier);
      for (const proof of heard) if (proof.slot === slot && proof.workerKey !== 0n) await this.#add(assembler, proof);
      found.push(...assembler.forest);
    }
    return found;
  }

  async #add(assembler: Assembler, proof: ProofMessage): Promise<void> {
    if (!this.#isCredible(proof) || (await assembler.add(proof))) return;
    this.#bad.add(proof);
    this.#credit.blame(proof);
    this.#onBad(proof);
  }

  #isCredible(proof: ProofMessage): boolean {
    return !this.#bad.has(proof) && !this.#credit.isSpent(proof);
  }
}
