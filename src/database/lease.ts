import { toHex32 } from "../protocol/hex.ts";
import { B52Error } from "../protocol/errors.ts";
import { HEARTBEAT_MS, type Job, type JobTable } from "./jobs.ts";

/** Somebody else makes the proof. */
export class JobTakenError extends B52Error {
  constructor({ circuit, proposalId, slot }: Job) {
    super(
      `the ${circuit} proof of slot ${slot} of proposal ${toHex32(proposalId)} is being made, expected nobody at it`,
      {
        circuit,
        proposalId,
        slot,
      },
    );
  }
}

/** The process was stopped for longer than a lease lasts: somebody else may make the proof by now. */
export class LeaseLostError extends B52Error {
  constructor({ circuit, proposalId, slot }: Job) {
    super(`the lease of the ${circuit} proof of slot ${slot} of proposal ${toHex32(proposalId)} has run out`, {
      circuit,
      proposalId,
      slot,
    });
  }
}

/**
 * The proof of a job: the one that is there, or what `make` makes under a lease that is kept alive meanwhile. It is on
 * disk when the promise resolves.
 * @param make gets a signal that is aborted when `signal` is, or when the lease is lost
 * @throws {JobTakenError} @throws {LeaseLostError} @throws whatever `make` does; the job may be begun again then
 */
export async function proveJob(
  jobs: JobTable,
  job: Job,
  make: (signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
  { heartbeatMs = HEARTBEAT_MS }: { readonly heartbeatMs?: number } = {},
): Promise<string> {
  if (job.proof !== undefined) return job.proof;
  signal.throwIfAborted();
  if (!jobs.lease(job.id)) throw new JobTakenError(job);
  const lost = new AbortController();
  const beats = setInterval(() => {
    try {
      if (!jobs.heartbeat(job.id)) lost.abort(new LeaseLostError(job));
    } catch (error) {
      lost.abort(error);
    }
  }, heartbeatMs);
  try {
    const proof = await make(AbortSignal.any([signal, lost.signal]));
    jobs.finish(job.id, proof);
    return proof;
  } catch (error) {
    if (!lost.signal.aborted) jobs.giveUp(job.id);
    throw lost.signal.aborted && !signal.aborted ? lost.signal.reason : error;
  } finally {
    clearInterval(beats);
  }
}
