import type { SecretKey } from "../protocol/eddsa.ts";
import type { SlotProof } from "../protocol/forest.ts";
import type { BlockPlan } from "../proving/forest.ts";
import type { CircuitProver } from "../proving/prover.ts";

/** A slot and the secret key that its proof is made with; undefined makes it anonymously. */
export interface Assigned {
  readonly slot: number;
  readonly secret?: SecretKey | undefined;
}

export interface ProveSlotsOptions {
  readonly onProof?: (proof: SlotProof, done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Proves slots of one block, as many at a time as the prover can. No node waits for its children: what they prove
 * follows from the block, not from their proofs.
 */
export async function proveSlots(
  plan: BlockPlan,
  work: readonly Assigned[],
  prover: CircuitProver,
  { onProof = () => undefined, signal }: ProveSlotsOptions = {},
): Promise<SlotProof[]> {
  let done = 0;
  return Promise.all(
    work.map(async ({ slot, secret }) => {
      const job = plan.job(slot, secret);
      const { workerKey, beta, mask } = job;
      const made = { slot, mask, workerKey, beta, proof: await prover.prove(job.circuit, job, signal) };
      onProof(made, ++done, work.length);
      return made;
    }),
  );
}
