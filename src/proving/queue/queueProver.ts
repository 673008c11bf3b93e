import { type Job, Queue, QueueEvents } from "bullmq";
import type { CircuitName } from "../circuitInstance.ts";
import { CancelledError, proofOf, ProverClosedError, ProvingError } from "../errors.ts";
import { placeOf, untilAborted } from "../pool.ts";
import type { CircuitProver, ProofTask } from "../prover.ts";
import { closeAll, queueName, redisOptions, untilReady } from "./connection.ts";
import { WrongProofError } from "./errors.ts";
import { queueJobId, sealJob, type SealedJob } from "./sealedJob.ts";
import type { TransportKey } from "./transportKey.ts";

/** Workers that fail, or are gone, before a proof is given up. */
const ATTEMPTS = 10;
/** Proofs that do not verify before nobody is trusted any more. */
const WRONG_PROOFS = 3;
/** Seconds that a proof stays in Redis, for a prover that was restarted meanwhile. */
const KEPT_SECONDS = 3_600;
/** Milliseconds that a proof may take, waiting for a worker included. */
const PROOF_MS = 3_600_000;

export interface QueueProverOptions {
  /** `redis://` or `rediss://`, with user and password if it wants them. */
  readonly url: string;
  /** Of this prover. */
  readonly key: TransportKey;
  /** Public keys of the workers that may read what is to be proven, the prover's scalar included. */
  readonly workers: readonly string[];
  /** By name: the hash of the circuit that proofs are for. */
  readonly circuits: Readonly<Partial<Record<CircuitName, string>>>;
  /** Whether a proof is valid. Redis and workers are believed nothing. */
  readonly verify: (circuit: CircuitName, publicInputs: readonly bigint[], proof: string) => Promise<boolean>;
  /** Hears what an operator should know and no proof fails for. */
  readonly onWarning: (warning: string) => void;
  /** Milliseconds that a proof may take, waiting for a worker included; an hour by default. */
  readonly proofMs?: number;
  /** Milliseconds that Redis has to answer at the start; 10,000 by default. */
  readonly startMs?: number;
}

/**
 * Has proofs made by workers on other machines, over BullMQ. A job is in Redis until it is proven: when a worker dies
 * another one gets it, and a prover that was restarted finds what was made for it meanwhile.
 */
export class QueueProver implements CircuitProver {
  readonly #options: QueueProverOptions;
  readonly #queue: Queue<SealedJob, string>;
  readonly #events: QueueEvents;
  readonly #closing = new AbortController();

  private constructor(options: QueueProverOptions) {
    this.#options = options;
    const { url, key, onWarning } = options;
    const connection = redisOptions(url, this.#closing.signal);
    this.#queue = new Queue(queueName(key.publicKey), { connection });
    this.#events = new QueueEvents(queueName(key.publicKey), { connection });
    const onError = (error: Error): void => {
      if (!this.#closing.signal.aborted) onWarning(`the queue of proofs: ${error.message}`);
    };
    this.#queue.on("error", onError);
    this.#events.on("error", onError);
  }

  /** @throws {QueueUnavailableError} @throws {MalformedError} if the address is none */
  static async connect(options: QueueProverOptions): Promise<QueueProver> {
    const prover = new QueueProver(options);
    try {
      const ready = Promise.all([prover.#queue.waitUntilReady(), prover.#events.waitUntilReady()]);
      await untilReady(options.url, ready, options.startMs);
      return prover;
    } catch (error) {
      await prover.close();
      throw error;
    }
  }

  /**
   * @throws {ProvingError} if workers fail, or no worker proves it in time
   * @throws {WrongProofError} if workers give proofs that do not verify
   * @throws {CancelledError} @throws {ProverClosedError}
   */
  async prove(circuit: CircuitName, task: ProofTask, signal?: AbortSignal): Promise<string> {
    const { verify, onWarning } = this.#options;
    const where = placeOf(task.node);
    for (let tries = 1; tries <= WRONG_PROOFS; tries++) {
      const { job, proof } = await this.#ask(circuit, task, where, signal);
      if (await verify(circuit, task.publicInputs, proof)) return proof;
      onWarning(`a worker has given a ${proofOf(circuit, where)} that does not verify`);
      await job.remove();
    }
    throw new WrongProofError(circuit, where, WRONG_PROOFS);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await closeAll([this.#queue, this.#events]);
  }

  async #ask(
    circuit: CircuitName,
    task: ProofTask,
    where: string,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly job: Job<SealedJob, string>; readonly proof: string }> {
    const { proofMs = PROOF_MS } = this.#options;
    const closing = this.#closing.signal;
    const late = AbortSignal.timeout(proofMs);
    const any = AbortSignal.any([closing, late, ...(signal ? [signal] : [])]);
    let job: Job<SealedJob, string> | undefined;
    try {
      job = await untilAborted(this.#add(circuit, task), any);
      return { job, proof: await untilAborted(job.waitUntilFinished(this.#events), any) };
    } catch (cause) {
      // A worker that has it goes on, and its proof is there if it is asked for again.
      if (signal?.aborted || late.aborted) job?.remove().catch(() => undefined);
      if (signal?.aborted) throw new CancelledError(`the ${proofOf(circuit, where)}`, signal.reason);
      if (closing.aborted) throw new ProverClosedError(circuit, where);
      throw new ProvingError(circuit, where, late.aborted ? `no worker has made it in ${proofMs / 1_000} s` : cause);
    }
  }

  async #add(circuit: CircuitName, task: ProofTask): Promise<Job<SealedJob, string>> {
    const { key, workers, circuits } = this.#options;
    const circuitHash = circuits[circuit] ?? "";
    const id = queueJobId(circuit, circuitHash, task);
    const sealed = sealJob({ circuit, circuitHash, task }, key, workers);
    const known = await this.#queue.getJob(id);
    // One that nobody has begun may be for workers that are gone.
    if (known !== undefined && ["waiting", "delayed", "prioritized"].includes(await known.getState()))
      await known.updateData(sealed);
    if (known !== undefined) return known;
    return this.#queue.add(circuit, sealed, {
      jobId: id,
      attempts: ATTEMPTS,
      removeOnComplete: { age: KEPT_SECONDS },
      removeOnFail: true,
    });
  }
}
