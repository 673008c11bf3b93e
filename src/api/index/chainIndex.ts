import { rmSync } from "node:fs";
import type { Log } from "ethers";
import { DamagedDatabaseError, DatabaseError, DiskFullError } from "../../database/index.ts";
import { B52Error } from "../../protocol/errors.ts";
import type { L1Span, L1View } from "../../roles/index.ts";
import type { StreamEvent } from "../schema/index.ts";
import { Recorder, type RecorderPorts } from "./recorder.ts";
import { Sql } from "./sql.ts";
import { TABLES, VERSION } from "./tables.ts";

/** Of this file, and of what SQLite keeps beside it. */
const FILES = ["", "-wal", "-shm"];

/** Logs were left out between the last block of the index and those that it is given. */
export class IndexGapError extends B52Error {
  constructor(from: number, expected: number) {
    super(`the logs begin at block ${from}, expected at most ${expected}`, { from, expected });
  }
}

/** What a span has changed. */
export interface Fed {
  /** The first block that L1 has dropped; undefined: none of those that are here. */
  readonly droppedFrom: number | undefined;
  /** What is new, in the order in which L1 has it. */
  readonly events: readonly StreamEvent[];
}

/**
 * What L1's logs tell, in a file that can be removed at any time: it is made again from the logs. Fed by the one reader
 * that roles share, so it asks L1 for nothing.
 */
export class ChainIndex {
  readonly sql: Sql;
  readonly #recorder: Recorder;
  readonly #watchers = new Set<(fed: Fed) => void>();

  private constructor(sql: Sql, recorder: Recorder) {
    this.sql = sql;
    this.#recorder = recorder;
  }

  /**
   * Opens the file, or makes one. What is there already and is another rollup's, of another version, or damaged is
   * removed.
   * @param path of the file, or ":memory:" @param rollup see `rollupName`
   */
  static open(path: string, rollup: string, ports: RecorderPorts): ChainIndex {
    let sql = openSound(path, rollup);
    if (sql === undefined) {
      if (path !== ":memory:") for (const suffix of FILES) rmSync(`${path}${suffix}`, { force: true });
      sql = new Sql(path);
      const fresh = sql;
      fresh.transaction(() => {
        fresh.exec(TABLES);
        fresh.run("INSERT INTO identity VALUES (?, -1, '')", rollup);
        fresh.exec(`PRAGMA user_version = ${VERSION}`);
      });
    }
    return new ChainIndex(sql, new Recorder(sql, ports));
  }

  /** The last block that was fed; undefined before the first. */
  get block(): { readonly number: number; readonly hash: string } | undefined {
    const found = this.sql.get<{ number: number; hash: string }>("SELECT number, hash FROM identity")!;
    return found.number < 0 ? undefined : found;
  }

  /**
   * Takes what L1 has in a span. What is here of these blocks and L1 does not have goes; what is here already stays.
   * @throws {IndexGapError}
   */
  feed({ block, maxSlotsPerProver }: Pick<L1View, "block" | "maxSlotsPerProver">, span: L1Span): Fed {
    const { sql } = this;
    const { block: before } = this;
    if (before !== undefined && span.from > before.number + 1) throw new IndexGapError(span.from, before.number + 1);
    const fed = sql.transaction(() => {
      const fork = this.#fork(span);
      const isDropped = fork !== undefined && sql.run("DELETE FROM blocks WHERE number >= ?", fork) > 0;
      const logs = fork === undefined ? [] : span.logs.filter((log) => log.blockNumber >= fork);
      const events = logs.flatMap((log) => this.#recorder.record(log, maxSlotsPerProver));
      sql.run("UPDATE identity SET number = ?, hash = ?", block.number, block.hash);
      return { droppedFrom: isDropped ? fork : undefined, events };
    });
    for (const onFed of this.#watchers) onFed(fed);
    return fed;
  }

  /** Calls `onFed` with what each span has changed. @returns how to end that */
  watch(onFed: (fed: Fed) => void): () => void {
    this.#watchers.add(onFed);
    return () => this.#watchers.delete(onFed);
  }

  close(): void {
    this.sql.close();
  }

  /** The first block of a span that is here and not there, there and not here, or another one. */
  #fork({ from, logs }: L1Span): number | undefined {
    const given = new Map<number, string>();
    for (const { blockNumber, blockHash } of logs as readonly Pick<Log, "blockNumber" | "blockHash">[])
      given.set(blockNumber, blockHash);
    let first: number | undefined;
    const differs = (number: number): void => {
      if (first === undefined || number < first) first = number;
    };
    const stored = this.sql.all<{ number: number; hash: string }>(
      "SELECT number, hash FROM blocks WHERE number >= ?",
      from,
    );
    for (const { number, hash } of stored) {
      if (given.get(number) !== hash) differs(number);
      given.delete(number);
    }
    for (const number of given.keys()) differs(number);
    return first;
  }
}

/** Undefined where nothing sound and of this rollup is. */
function openSound(path: string, rollup: string): Sql | undefined {
  let sql: Sql | undefined;
  try {
    sql = new Sql(path);
    const version = sql.get<{ user_version: number }>("PRAGMA user_version")!.user_version;
    if (version === VERSION) {
      const isSound = sql.get<{ quick_check: string }>("PRAGMA quick_check(1)")!.quick_check === "ok";
      if (isSound && sql.get<{ rollup: string }>("SELECT rollup FROM identity")?.rollup === rollup) return sql;
    }
  } catch (error) {
    // SQLite says so of a file that is none, or damaged. Anything else, such as no permission, fails again below.
    const isOfFile = error instanceof DatabaseError || error instanceof DamagedDatabaseError;
    if (!isOfFile || error instanceof DiskFullError) throw error;
  }
  sql?.close();
  return undefined;
}
