import { z } from "zod";
import type { Connection, Row } from "./connection.ts";
import { type Duty, DUTY_KINDS, type DutyKind } from "./duty.ts";
import { DutyConflictError, ForeignDatabaseError, StaleDutyError } from "./errors.ts";

/** Numbers as digits. */
const exportedDuty = z.strictObject({
  key: z.string(),
  kind: z.enum(DUTY_KINDS),
  subject: z.string(),
  roundNumber: z.string().regex(/^\d{1,15}$/),
  hash: z.string(),
  data: z.string(),
  state: z.enum(["written", "signed"]),
});

/** What `b52 ledger export` writes. */
export const exportedDuties = z.strictObject({
  format: z.literal("b52 duties 1"),
  /** See `rollupName`. */
  rollup: z.string(),
  floors: z.array(z.strictObject({ key: z.string(), roundNumber: z.string().regex(/^\d{1,15}$/) })),
  /** L1 time until which the ledger has all that the program signed; exports of older programs do not tell. */
  seen: z.array(z.strictObject({ key: z.string(), at: z.string().regex(/^\d{1,15}$/) })).default([]),
  duties: z.array(exportedDuty),
});

export type ExportedDuties = z.output<typeof exportedDuties>;

/** Rounds whose duties are remembered. Nothing for an earlier one is ever asked for again. */
export const REMEMBERED_ROUNDS = 1_024n;

const INSERT = "INSERT INTO duties (key, kind, subject, roundNumber, hash, data, state) VALUES (?, ?, ?, ?, ?, ?, ?)";
const FLOOR =
  "INSERT INTO dutyFloors VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET " +
  "roundNumber = max(roundNumber, excluded.roundNumber)";

/**
 * What keys have promised. An entry is on disk before the signature is made, so whatever was said is here; to promise
 * something else for the same duty is refused, after any crash, and on another machine that was given an export.
 */
export class DutyLedger {
  readonly #connection: Connection;
  readonly #rollup: string;

  constructor(connection: Connection, rollup: string) {
    this.#connection = connection;
    this.#rollup = rollup;
  }

  /**
   * Writes the duty, then signs it. The same duty may be signed again, after a crash in between for example.
   * @throws {DutyConflictError} @throws {StaleDutyError}
   */
  sign<T>(duty: Omit<Duty, "state">, sign: () => T): T {
    this.record({ ...duty, state: "written" });
    const signed = sign();
    this.record({ ...duty, state: "signed" });
    return signed;
  }

  /** Writes a duty that is, or may be, known to others. @throws {DutyConflictError} @throws {StaleDutyError} */
  record(duty: Duty): void {
    this.#connection.transaction(() => this.#merge(duty));
  }

  /** Of a key, from a round on, in the order of the rounds. */
  of(key: string, from = 0n): Duty[] {
    return this.#connection
      .all("SELECT * FROM duties WHERE key = ? AND roundNumber >= ? ORDER BY roundNumber, subject", key, Number(from))
      .map(dutyOf);
  }

  /** Whether nothing is known of what the key has promised: it may be new, or its ledger may be lost. */
  isEmpty(key: string): boolean {
    const known = this.#connection.get(
      "SELECT 1 FROM duties WHERE key = ? UNION ALL SELECT 1 FROM dutyFloors WHERE key = ?",
      key,
      key,
    );
    return known === undefined;
  }

  /**
   * L1 time, Unix seconds, since when the program listens for others who sign with the key; undefined: it never had to.
   */
  listeningSince(key: string): bigint | undefined {
    const found = this.#connection.get("SELECT value FROM facts WHERE name = ?", listeningFact(key));
    return found === undefined ? undefined : BigInt(String(found.value));
  }

  listenSince(key: string, since: bigint): void {
    this.#connection.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", listeningFact(key), `${since}`);
  }

  /** Whether the listening that was begun last is over: others were heard for as long as was due. */
  hasListened(key: string): boolean {
    const found = this.#connection.get("SELECT value FROM facts WHERE name = ?", listenedFact(key));
    return found !== undefined && BigInt(String(found.value)) === this.listeningSince(key);
  }

  /** Ends the listening that was begun last: it need not be done again after a restart. */
  endListening(key: string): void {
    const since = this.listeningSince(key);
    if (since === undefined) return;
    this.#connection.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", listenedFact(key), `${since}`);
    for (const fact of [foreignFact(key), oldFact(key)]) this.#connection.run("DELETE FROM facts WHERE name = ?", fact);
  }

  /** L1 time, Unix seconds, until which a program with this ledger has run; undefined: it does not tell. */
  lastSeen(key: string): bigint | undefined {
    const found = this.#connection.get("SELECT value FROM facts WHERE name = ?", seenFact(key));
    return found === undefined ? undefined : BigInt(String(found.value));
  }

  /** Whatever the key has signed until now is in this ledger. @param now L1 time */
  noteSeen(key: string, now: bigint): void {
    this.#connection.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", seenFact(key), `${now}`);
  }

  /** The ledger may be an old copy: it listens from now on, whatever its operator says. @param now L1 time */
  noteOld(key: string, now: bigint): void {
    this.listenSince(key, now);
    this.#connection.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", oldFact(key), `${now}`);
  }

  /** Somebody else has signed with the key: it listens from now on, whatever its operator says. @param now L1 time */
  noteForeign(key: string, now: bigint): void {
    this.listenSince(key, now);
    this.#connection.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", foreignFact(key), `${now}`);
  }

  /**
   * Whether somebody else was heard to sign with the key, or the ledger was found to be old, and no listening has come
   * to its end since.
   */
  isDoubtful(key: string): boolean {
    const facts = [foreignFact(key), oldFact(key)];
    return this.#connection.get("SELECT 1 FROM facts WHERE name IN (?, ?)", ...facts) !== undefined;
  }

  /** Whether this very duty is known. */
  has({ key, kind, subject, hash }: Pick<Duty, "key" | "kind" | "subject" | "hash">): boolean {
    const found = this.#connection.get(
      "SELECT 1 FROM duties WHERE key = ? AND kind = ? AND subject = ? AND hash = ?",
      ...[key, kind, subject, hash],
    );
    return found !== undefined;
  }

  /** Forgets what is too old to matter. @param roundNumber of the round that is open */
  forget(key: string, roundNumber: bigint): void {
    if (roundNumber > REMEMBERED_ROUNDS) this.prune(key, roundNumber - REMEMBERED_ROUNDS);
  }

  /** Forgets duties of rounds before `roundNumber`. Nothing can be signed for those any more. */
  prune(key: string, roundNumber: bigint): void {
    this.#connection.transaction(() => {
      const gone = this.#connection.run(
        "DELETE FROM duties WHERE key = ? AND roundNumber < ?",
        key,
        Number(roundNumber),
      );
      if (gone > 0) this.#connection.run(FLOOR, key, Number(roundNumber));
    });
  }

  export(): ExportedDuties {
    const duties = this.#connection.all("SELECT * FROM duties ORDER BY key, roundNumber, kind, subject").map(dutyOf);
    const floors = this.#connection.all("SELECT * FROM dutyFloors ORDER BY key");
    const seen = this.#connection.all("SELECT * FROM facts WHERE name LIKE ? ORDER BY name", `${seenFact("")}%`);
    return {
      format: "b52 duties 1",
      rollup: this.#rollup,
      floors: floors.map(({ key, roundNumber }) => ({ key: String(key), roundNumber: String(roundNumber) })),
      seen: seen.map(({ name, value }) => ({ key: String(name).slice(seenFact("").length), at: String(value) })),
      duties: duties.map((duty) => ({ ...duty, roundNumber: `${duty.roundNumber}` })),
    };
  }

  /**
   * Adds what another ledger knows, all of it or nothing. For what it has forgotten nothing can be signed here either.
   * @returns how many duties are new
   * @throws {DutyConflictError} if the two contradict each other
   * @throws {ForeignDatabaseError} if it is another rollup's
   */
  import({ rollup, floors, seen, duties }: ExportedDuties, location: string): number {
    if (rollup !== this.#rollup) throw new ForeignDatabaseError(location, rollup, this.#rollup);
    return this.#connection.transaction(() => {
      for (const { key, roundNumber } of floors) this.#connection.run(FLOOR, key, Number(roundNumber));
      for (const { key, at } of seen) if (BigInt(at) > (this.lastSeen(key) ?? 0n)) this.noteSeen(key, BigInt(at));
      return duties
        .map((duty) => ({ ...duty, roundNumber: BigInt(duty.roundNumber) }))
        .filter((duty) => duty.roundNumber >= this.#floor(duty.key))
        .filter((duty) => this.#merge(duty)).length;
    });
  }

  /** @returns whether it is new */
  #merge(duty: Duty): boolean {
    const { key, kind, subject, roundNumber, hash, data, state } = duty;
    const found = this.#connection.get(
      "SELECT * FROM duties WHERE key = ? AND kind = ? AND subject = ?",
      ...[key, kind, subject],
    );
    if (found === undefined) {
      const floor = this.#floor(key);
      if (roundNumber < floor) throw new StaleDutyError(duty, floor);
      this.#connection.run(INSERT, key, kind, subject, Number(roundNumber), hash, data, state);
      return true;
    }
    const known = dutyOf(found);
    if (known.hash !== hash) throw new DutyConflictError(known, duty);
    if (state === "signed" && known.state === "written")
      this.#connection.run(
        "UPDATE duties SET state = 'signed' WHERE key = ? AND kind = ? AND subject = ?",
        ...[key, kind, subject],
      );
    return false;
  }

  #floor(key: string): bigint {
    const floor = this.#connection.get("SELECT roundNumber FROM dutyFloors WHERE key = ?", key);
    return BigInt(Number(floor?.roundNumber ?? 0));
  }
}

const listeningFact = (key: string): string => `listening since, ${key}`;
const foreignFact = (key: string): string => `somebody else signed at, ${key}`;
const oldFact = (key: string): string => `the ledger was old at, ${key}`;
const seenFact = (key: string): string => `all is here until, ${key}`;
/** Since when the program listened, of the last time that this came to its end. */
const listenedFact = (key: string): string => `listened since, ${key}`;

function dutyOf({ key, kind, subject, roundNumber, hash, data, state }: Row): Duty {
  return {
    key: String(key),
    kind: kind as DutyKind,
    subject: String(subject),
    roundNumber: BigInt(roundNumber as number),
    hash: String(hash),
    data: String(data),
    state: state as Duty["state"],
  };
}
