import { B52Error } from "../protocol/errors.ts";
import { toHex32 } from "../protocol/hex.ts";
import type { Duty } from "./duty.ts";

/** The disk or SQLite refused. Nothing of what was to be written is there. */
export class DatabaseError extends B52Error {
  constructor(action: string, location: string, cause: unknown) {
    super(`cannot ${action} ${location}: ${reasonOf(cause)}`, { action, location }, { cause });
  }
}

/** No space is left for what is to be written. Nothing of it is there, and what was there before is whole. */
export class DiskFullError extends DatabaseError {}

/** The file is no database, or does not hold what was written to it. */
export class DamagedDatabaseError extends B52Error {
  constructor(location: string, reason: string, options?: ErrorOptions) {
    super(
      `${location} is damaged (${reason}), expected what this program has written: restore a copy, or move it away ` +
        "and import the last export of its duties before the key signs again",
      { location, reason },
      options,
    );
  }
}

/** Written by a later version of this program, which may have promised what this one does not understand. */
export class NewerDatabaseError extends B52Error {
  constructor(location: string, found: number, expected: number) {
    super(
      `${location} has schema ${found}, expected at most ${expected}: a newer version of this program has written it`,
      { location, found, expected },
    );
  }
}

/** A step that has led to the present schema is not the one that this program knows under its number. */
export class ChangedMigrationError extends B52Error {
  constructor(location: string, number: number, found: string, expected: string) {
    super(
      `step ${number} to the schema of ${location} has checksum ${found}, expected ${expected}: another build has ` +
        "written it",
      { location, number, found, expected },
    );
  }
}

/**
 * What was promised on one rollup says nothing on another. Nothing is removed unasked: on a rollup that lives, what was
 * promised holds.
 */
export class ForeignDatabaseError extends B52Error {
  constructor(location: string, found: string, expected: string, advice = "") {
    super(`${location} is that of ${found}, expected ${expected}${advice}`, { location, found, expected });
  }
}

/** The process that has a lock. */
export interface LockHolder {
  readonly pid: number;
  /** Name of its machine, or of its container. */
  readonly host: string;
  readonly since: Date;
}

/** Two programs with one key, or one folder, would promise the same things twice. */
export class LockedError extends B52Error {
  /** Undefined if it has not said so yet. */
  readonly holder: LockHolder | undefined;

  /** @param what is held, for messages */
  constructor(what: string, holder: LockHolder | undefined) {
    super(`${what} is held by ${holderName(holder)}, expected no other process: stop that one first`, { what, holder });
    this.holder = holder;
  }
}

function holderName(holder: LockHolder | undefined): string {
  if (holder === undefined) return "a process that has not said its number yet";
  const { pid, host, since } = holder;
  return `process ${pid} on ${host} since ${since.toISOString().slice(0, 19)}Z`;
}

/** Duties are kept with decimal numbers; of those only ids and keys are as long, and they are shown as elsewhere. */
const withIds = (text: string): string => text.replace(/\b\d{50,78}\b/g, (decimal) => toHex32(BigInt(decimal)));

/** The key has promised something else for the same duty. To sign both would break one of them. */
export class DutyConflictError extends B52Error {
  constructor(known: Duty, duty: Duty) {
    super(
      withIds(
        `${duty.kind} of ${duty.key} for ${duty.subject} is ${duty.hash} (${duty.data}), expected ${known.hash} ` +
          `(${known.data}), which was ${known.state === "signed" ? "signed" : "written"} before`,
      ),
      { key: duty.key, kind: duty.kind, subject: duty.subject, found: duty.hash, expected: known.hash },
    );
  }
}

/** What was promised so long ago is forgotten, so nothing more is promised for it. */
export class StaleDutyError extends B52Error {
  constructor({ kind, key, subject, roundNumber }: Duty, floor: bigint) {
    super(
      withIds(
        `${kind} of ${key} for ${subject} belongs to round ${roundNumber}, expected ${floor} or later: duties before ` +
          "that are forgotten",
      ),
      { kind, key, subject, roundNumber, floor },
    );
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
