import type { ProofMessage } from "../../gossip/index.ts";
import type { SlotProof } from "../../protocol/forest.ts";
import { firstSlot, nodeAt } from "../../protocol/nodes.ts";
import type { BlockPlan } from "../../proving/forest.ts";
import type { CircuitName } from "../../proving/circuitInstance.ts";
import type { NodeVerifier } from "../ports.ts";

/**
 * Collects a block's proofs until there is one for every slot, the assigned prover's where it has sent one. Knows
 * nothing of transactions beyond what the nodes state.
 */
export class Assembler {
  readonly #plan: BlockPlan;
  readonly #verifier: NodeVerifier;
  readonly #proofs = new Map<number, SlotProof>();
  readonly #judged = new Set<string>();

  constructor(plan: BlockPlan, verifier: NodeVerifier) {
    this.#plan = plan;
    this.#verifier = verifier;
  }

  /** A proof for each slot that has one. */
  get proofs(): ReadonlyMap<number, SlotProof> {
    return this.#proofs;
  }

  /** @returns false for a proof that does not prove its node */
  async add({ slot, workerKey, beta, proof }: ProofMessage): Promise<boolean> {
    const id = `${slot} ${workerKey} ${beta} ${proof}`;
    if (this.#judged.has(id)) return true;
    this.#judged.add(id);
    const known = this.#proofs.get(slot);
    if (known !== undefined && (known.workerKey !== 0n || workerKey === 0n)) return true;
    const publicInputs = this.#plan.publicInputs(slot, { workerKey, beta });
    if (!(await this.#verifier.verify(circuitOf(this.#plan, slot), publicInputs, proof))) return false;
    this.#proofs.set(slot, { slot, workerKey, beta, proof });
    return true;
  }
}

function circuitOf({ block: { profile, bases } }: BlockPlan, slot: number): CircuitName {
  if (slot === 0) return "RootRollup";
  if (nodeAt(profile, slot).depth < profile.levels) return "MergeRollup";
  return bases[slot - firstSlot(profile, profile.levels)]!.kind === "operations" ? "OperationRollup" : "BaseRollup";
}
