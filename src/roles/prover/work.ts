import { type Job, LeaseLostError, type NodeDatabase, proveJob } from "../../database/index.ts";
import type { SecretKey } from "../../protocol/eddsa.ts";
import type { CircuitName } from "../../proving/circuitInstance.ts";
import type { BlockPlan } from "../../proving/forest.ts";
import type { NodeProver } from "../ports.ts";

/** A proof that a prover makes. */
export interface Work {
  readonly plan: BlockPlan;
  readonly slot: number;
  /** Left out for a proof without a name. */
  readonly secret: SecretKey | undefined;
  /** L1 time, Unix seconds: the end of the slash window of its round. */
  readonly keepUntil: bigint;
}

/** What a worker without a name proves with: the circuits want a valid scalar. */
const NOBODY = 1n;

/**
 * The proof of a slot: from the database if it was made before, else made now, under a lease. All that making it takes
 * is on disk meanwhile, but the secret.
 * @returns the job with its proof, which is on disk; undefined if it has to be begun again, as the lease was lost
 */
export async function proveSlot(
  { plan, slot, secret, keepUntil }: Work,
  { jobs }: Pick<NodeDatabase, "jobs">,
  prover: NodeProver,
  signal: AbortSignal,
): Promise<(Job & { readonly proof: string }) | undefined> {
  const { input, publicInputs, circuit, node, mask, workerKey, beta } = plan.job(slot, secret);
  const { secret: _secret, ...told } = input;
  // If it was begun before, with other votes, it goes on with those.
  const job = jobs.add({
    ...{ circuit, proposalId: plan.block.proposalId, slot, content: plan.contentHashes[slot]!, workerKey },
    ...{ mask, beta, node, publicInputs, input: told, keepUntil },
  });
  const make = (either: AbortSignal): Promise<string> => {
    const task = { ...job, input: { ...job.input, secret: secret ?? NOBODY } };
    return prover.prove(job.circuit as CircuitName, task, either);
  };
  try {
    return { ...job, proof: await proveJob(jobs, job, make, signal) };
  } catch (error) {
    if (error instanceof LeaseLostError) return undefined;
    throw error;
  }
}
