import type { ProofMessage } from "../gossip/index.ts";
import type { SlotProof } from "../protocol/forest.ts";
import { firstSlot, nodeAt } from "../protocol/nodes.ts";
import type { BlockPlan } from "../proving/forest.ts";
import type { CircuitName } from "../proving/circuitInstance.ts";
import type { NodeVerifier } from "./ports.ts";

/**
 * Collects a block's proofs: for a forest, of several of a slot, the one that fulfils most slots; and all others that
 * say anything more, for L1 to be shown alone. Knows nothing of transactions beyond what the nodes state.
 */
export class Assembler {
  readonly #plan: BlockPlan;
  readonly #verifier: NodeVerifier;
  /** By slot, the one for a forest first. */
  readonly #proofs = new Map<number, readonly SlotProof[]>();
  readonly #judged = new Set<string>();

  constructor(plan: BlockPlan, verifier: NodeVerifier) {
    this.#plan = plan;
    this.#verifier = verifier;
  }

  /** A proof for each slot that has one: together a forest, if all have. */
  get forest(): readonly SlotProof[] {
    return [...this.#proofs.values()].map(([best]) => best!);
  }

  /** All that say anything, those of the forest first. */
  get proofs(): readonly SlotProof[] {
    return [...this.forest, ...[...this.#proofs.values()].flatMap(([, ...others]) => others)];
  }

  /** @returns false for a proof that does not prove its node */
  async add({ slot, mask, workerKey, beta, proof }: ProofMessage): Promise<boolean> {
    // It was heard when L1 had another transcript: no forest can have it, whoever is right.
    if (workerKey !== 0n && workerKey !== this.#plan.block.keys[slot]) return true;
    const id = `${slot} ${mask} ${workerKey} ${beta} ${proof}`;
    if (this.#judged.has(id)) return true;
    this.#judged.add(id);
    const known = this.#proofs.get(slot) ?? [];
    const isNew =
      known.length === 0 ||
      (workerKey !== 0n && known.every((other) => other.workerKey === 0n)) ||
      known.reduce((rest, other) => rest & ~other.mask, mask) !== 0n;
    if (!isNew) return true;
    const publicInputs = this.#plan.publicInputs(slot, { workerKey, beta }, mask);
    if (!(await this.#verifier.verify(circuitOf(this.#plan, slot), publicInputs, proof))) return false;
    const all = [...known, { slot, mask, workerKey, beta, proof }];
    this.#proofs.set(
      slot,
      all.sort((a, b) => worth(b) - worth(a)),
    );
    return true;
  }
}

/** Slots to whose fulfilment a proof adds: its own, if its prover made it, and those whose votes it shows. */
const worth = ({ mask, workerKey }: Pick<SlotProof, "mask" | "workerKey">): number =>
  mask.toString(2).replaceAll("0", "").length + (workerKey === 0n ? 0 : 1);

function circuitOf({ block: { profile, bases } }: BlockPlan, slot: number): CircuitName {
  if (slot === 0) return "RootRollup";
  if (nodeAt(profile, slot).depth < profile.levels) return "MergeRollup";
  return bases[slot - firstSlot(profile, profile.levels)]!.kind === "operations" ? "OperationRollup" : "BaseRollup";
}
