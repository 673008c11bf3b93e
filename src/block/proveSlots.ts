import type { SecretKey } from "../protocol/eddsa.ts";
import type { SlotProof } from "../protocol/forest.ts";
import type { BlockPlan } from "../proving/forest.ts";
import type { ProverPool, ProvingCircuit } from "../proving/pool.ts";
import type { CircuitName } from "../proving/circuitInstance.ts";

export type ProvingCircuits = Readonly<Partial<Record<CircuitName, ProvingCircuit>>>;

/** A slot and the secret key that its proof is made with; undefined makes it anonymously. */
export interface Assigned {
  readonly slot: number;
  readonly secret?: SecretKey | undefined;
}

export interface ProveSlotsOptions {
  readonly pool: ProverPool;
  readonly circuits: ProvingCircuits;
  readonly onProof?: (proof: SlotProof, done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Proves slots of one block, as many at a time as the pool has threads. No node waits for its children: what they prove
 * follows from the block, not from their proofs.
 */
export async function proveSlots(
  plan: BlockPlan,
  work: readonly Assigned[],
  { pool, circuits, onProof = () => undefined, signal }: ProveSlotsOptions,
): Promise<SlotProof[]> {
  let done = 0;
  return Promise.all(
    work.map(async ({ slot, secret }) => {
      const { circuit, node, input, workerKey, beta } = plan.job(slot, secret);
      const { proof } = await pool.prove({ circuit: circuits[circuit]!, input, node, ...(signal && { signal }) });
      const made = { slot, workerKey, beta, proof };
      onProof(made, ++done, work.length);
      return made;
    }),
  );
}
