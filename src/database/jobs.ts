import { randomUUID } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";
import { keccak256, toUtf8Bytes } from "ethers";
import type { Connection, Row } from "./connection.ts";
import { decode, encode } from "./json.ts";

/** Milliseconds after which a lease without a heartbeat is anybody's. */
export const LEASE_MS = 10_000;
/** Milliseconds between heartbeats. */
export const HEARTBEAT_MS = 2_000;

/** `aborted`: not wanted at the moment. Whoever asks for the proof again revives it. */
export type JobState = "queued" | "leased" | "proven" | "aborted";

/** Field elements, nested as the signal is. */
export type JobSignal = bigint | readonly JobSignal[];

/** What says which proof it is. The votes that it shows do not: one proof of a node is enough. */
export interface JobName {
  readonly circuit: string;
  readonly proposalId: bigint;
  readonly slot: number;
  /** Hash of what the node states. */
  readonly content: bigint;
  /** 0: without a name. */
  readonly workerKey: bigint;
}

/** A proof to be made, with all that making it takes but the worker's secret. */
export interface NewJob extends JobName {
  readonly mask: bigint;
  readonly beta: bigint;
  readonly node: { readonly depth: number; readonly index: number };
  readonly publicInputs: readonly bigint[];
  /** By signal, without `secret`. */
  readonly input: Readonly<Record<string, JobSignal>>;
  /** L1 time, Unix seconds: the end of the slash window. It is kept until then. */
  readonly keepUntil: bigint;
}

export interface Job extends NewJob {
  readonly id: string;
  readonly state: JobState;
  /** How often it was begun. */
  readonly attempts: number;
  /** Why it was aborted. */
  readonly reason: string | undefined;
  /** 256 bytes as hexadecimal. */
  readonly proof: string | undefined;
}

/** The same proof has the same id, before and after any restart. */
export function jobId({ circuit, proposalId, slot, content, workerKey }: JobName): string {
  return keccak256(toUtf8Bytes([circuit, proposalId, slot, content, workerKey].join(" ")));
}

export interface JobTableOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const INSERT = "INSERT INTO jobs (id, proposalId, slot, state, keepUntil, job) VALUES (?, ?, ?, 'queued', ?, ?)";
const LEASE =
  "UPDATE jobs SET state = 'leased', owner = ?2, leaseUntil = ?3, attempts = attempts + 1 WHERE id = ?1 AND " +
  "(state = 'queued' OR (state = 'leased' AND (owner <> ?2 OR leaseUntil < ?4)))";
const UNLEASED = "owner = NULL, leaseUntil = NULL";

/** Proofs that a prover makes. What is proven here is never proven again, and what was begun is known to be. */
export class JobTable {
  readonly #connection: Connection;
  readonly #now: () => number;
  /** One process has the database at a time, so leases of any other owner are of processes that are gone. */
  readonly #owner = `${process.pid} ${randomUUID()}`;

  constructor(connection: Connection, { now = Date.now }: JobTableOptions = {}) {
    this.#connection = connection;
    this.#now = now;
  }

  /** Asks for a proof. It may be known, and be made already; an aborted job is revived. */
  add(job: NewJob): Job {
    const id = jobId(job);
    return this.#connection.transaction(() => {
      const found = this.#find(id);
      if (found === undefined) {
        const packed = deflateSync(encode(job));
        this.#connection.run(INSERT, id, `${job.proposalId}`, job.slot, Number(job.keepUntil), packed);
      } else if (found.state === "aborted") {
        this.#connection.run("UPDATE jobs SET state = 'queued', reason = NULL WHERE id = ?", id);
      }
      return this.#find(id)!;
    });
  }

  get(name: JobName): Job | undefined {
    return this.#find(jobId(name));
  }

  /** In the order of their slots. */
  of(proposalId: bigint): Job[] {
    return this.#connection
      .all("SELECT * FROM jobs WHERE proposalId = ? ORDER BY slot, id", `${proposalId}`)
      .map(jobOf);
  }

  /** @returns whether the caller may make the proof, for {@link LEASE_MS} from now on */
  lease(id: string): boolean {
    const now = this.#now();
    return this.#connection.run(LEASE, id, this.#owner, now + LEASE_MS, now) === 1;
  }

  /** @returns whether the lease is the caller's still */
  heartbeat(id: string): boolean {
    const now = this.#now();
    const beat = "UPDATE jobs SET leaseUntil = ? WHERE id = ? AND state = 'leased' AND owner = ? AND leaseUntil >= ?";
    return this.#connection.run(beat, now + LEASE_MS, id, this.#owner, now) === 1;
  }

  /** Gives a lease back, for another try. */
  giveUp(id: string): void {
    this.#connection.run(
      `UPDATE jobs SET state = 'queued', ${UNLEASED} WHERE id = ? AND state = 'leased' AND owner = ?`,
      ...[id, this.#owner],
    );
  }

  /** Keeps a proof. It is on disk when this returns: only then may it be published. The first one stays. */
  finish(id: string, proof: string): void {
    this.#connection.run(
      `UPDATE jobs SET state = 'proven', proof = ?, reason = NULL, ${UNLEASED} WHERE id = ? AND state <> 'proven'`,
      ...[proof, id],
    );
  }

  /** Nobody wants the proofs of a proposal at the moment that are not made. @returns how many these are */
  abort(proposalId: bigint, reason: string): number {
    return this.#connection.run(
      `UPDATE jobs SET state = 'aborted', reason = ?, ${UNLEASED} WHERE proposalId = ? ` +
        "AND state IN ('queued', 'leased')",
      ...[reason, `${proposalId}`],
    );
  }

  /** Forgets what no slash can concern any more. @param l1Now L1 time @returns how many jobs are forgotten */
  prune(l1Now: bigint): number {
    return this.#connection.run("DELETE FROM jobs WHERE keepUntil <= ?", Number(l1Now));
  }

  #find(id: string): Job | undefined {
    const found = this.#connection.get("SELECT * FROM jobs WHERE id = ?", id);
    return found && jobOf(found);
  }
}

function jobOf({ id, state, attempts, reason, proof, job }: Row): Job {
  return {
    ...(decode(inflateSync(job as Uint8Array).toString()) as NewJob),
    id: String(id),
    state: state as JobState,
    attempts: Number(attempts),
    reason: (reason as string | null) ?? undefined,
    proof: (proof as string | null) ?? undefined,
  };
}
