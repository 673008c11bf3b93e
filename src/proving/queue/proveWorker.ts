import { type Job, UnrecoverableError, Worker } from "bullmq";
import type { CircuitName } from "../circuitInstance.ts";
import type { CircuitProver } from "../prover.ts";
import { closeAll, queueName, redisOptions, untilReady } from "./connection.ts";
import { SealedJobError } from "./errors.ts";
import { openJob, type SealedJob } from "./sealedJob.ts";
import type { TransportKey } from "./transportKey.ts";

/** Milliseconds after which the job of a worker that says nothing is another one's. */
const LOCK_MS = 10_000;
/** Milliseconds between looks for such jobs. */
const STALLED_MS = 5_000;
/** Workers that may die over a job: it may be the job that kills them. */
const MAX_STALLED = 5;

export type WorkerEvent =
  | { readonly kind: "begins" | "proven"; readonly id: string; readonly circuit: string }
  | { readonly kind: "failed"; readonly id: string; readonly circuit: string; readonly error: unknown }
  | { readonly kind: "queue"; readonly error: Error };

export interface ProveWorkerOptions {
  /** `redis://` or `rediss://`, with user and password if it wants them. */
  readonly url: string;
  /** Of this worker. */
  readonly key: TransportKey;
  /** Public keys of the provers that it works for. */
  readonly provers: readonly string[];
  readonly prover: CircuitProver;
  /** By name: the hash of the circuit that `prover` proves. */
  readonly circuits: Readonly<Partial<Record<CircuitName, string>>>;
  /** Proofs at a time. */
  readonly threads: number;
  readonly onEvent?: (event: WorkerEvent) => void;
  /** Milliseconds, for tests: see LOCK_MS. */
  readonly lockMs?: number;
}

/**
 * Makes proofs for provers on other machines until the signal is aborted. Proofs in hand are given back then.
 * @throws {QueueUnavailableError} if Redis does not answer at the start
 */
export async function runProveWorker(options: ProveWorkerOptions, signal: AbortSignal): Promise<void> {
  const { url, provers, threads, lockMs = LOCK_MS, onEvent } = options;
  const closing = new AbortController();
  const workers = provers.map((prover) => {
    const worker = new Worker<SealedJob, string>(queueName(prover), (job) => proveJob(job, options, signal), {
      connection: redisOptions(url, closing.signal),
      concurrency: threads,
      lockDuration: lockMs,
      stalledInterval: Math.min(STALLED_MS, lockMs),
      maxStalledCount: MAX_STALLED,
    });
    worker.on("error", (error) => {
      if (!signal.aborted) onEvent?.({ kind: "queue", error });
    });
    return worker;
  });
  try {
    await untilReady(url, Promise.all(workers.map((worker) => worker.waitUntilReady())));
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  } finally {
    closing.abort();
    await closeAll(workers);
  }
}

/** What is thrown here lies in Redis, so it says nothing of what was proven. */
async function proveJob(
  { id = "without an id", data }: Job<SealedJob, string>,
  { key, provers, prover, circuits, onEvent }: ProveWorkerOptions,
  signal: AbortSignal,
): Promise<string> {
  let name = "unknown";
  try {
    const { circuit, circuitHash, task } = openJob(data, key, provers);
    name = circuit;
    if (circuits[circuit] !== circuitHash)
      throw new SealedJobError(
        id,
        `it is for circuit ${circuitHash}, and this worker has ${circuits[circuit] ?? "none"}`,
      );
    onEvent?.({ kind: "begins", id, circuit });
    const proof = await prover.prove(circuit, task, signal);
    onEvent?.({ kind: "proven", id, circuit });
    return proof;
  } catch (error) {
    // The cause stays here: it may show what was proven.
    /* eslint-disable preserve-caught-error */
    if (signal.aborted) throw new Error(`worker ${key.publicKey} stops`);
    onEvent?.({ kind: "failed", id, circuit: name, error });
    if (error instanceof SealedJobError) throw new UnrecoverableError(error.message);
    throw new Error(`worker ${key.publicKey} has failed: ${error instanceof Error ? error.name : "unknown"}`);
    /* eslint-enable preserve-caught-error */
  }
}
