import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { DamagedDatabaseError, DatabaseError, DiskFullError, reasonOf } from "./errors.ts";

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, unknown>>;

export interface ConnectionOptions {
  /** Milliseconds to wait for somebody who writes at the moment; 2,000 by default. */
  readonly timeout?: number;
}

/** Primary result codes of SQLite. */
const BUSY = 5;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** SQLite finds no room for the index of its journal, which whoever only reads takes, too. */
const NO_ROOM_FOR_INDEX = 4_874;

/** A connection to an SQLite file that keeps its statements and says what failed. */
export class Connection {
  readonly location: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #isOpen = true;

  /** @param location a file, or `:memory:` @throws {DatabaseError} */
  constructor(location: string, { timeout = 2_000 }: ConnectionOptions = {}) {
    this.location = location;
    try {
      this.#database = new DatabaseSync(location, { timeout });
    } catch (cause) {
      throw errorOf("open", location, cause);
    }
  }

  /** Statements without parameters and results. */
  execute(sql: string): void {
    this.#attempt("write", () => this.#database.exec(sql));
  }

  /** @returns how many rows were changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#attempt("write", () => Number(this.#statement(sql).run(...values).changes));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#attempt("read", () => this.#statement(sql).get(...values) as Row | undefined);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#attempt("read", () => this.#statement(sql).all(...values) as Row[]);
  }

  /** All that `write` changes is durable when this returns, or none of it is there. */
  transaction<T>(write: () => T): T {
    this.execute("BEGIN IMMEDIATE");
    try {
      const result = write();
      this.execute("COMMIT");
      return result;
    } catch (error) {
      // SQLite has rolled back itself after some failures, a full disk among them.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #attempt<T>(action: string, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw errorOf(action, this.location, cause);
    }
  }
}

/** Whether somebody else is writing, or holds the right to. */
export function isBusy(error: unknown): boolean {
  return error instanceof DatabaseError && codeOf(error.cause) === BUSY;
}

function errorOf(action: string, location: string, cause: unknown): Error {
  const code = codeOf(cause);
  if (code === CORRUPT || code === NOT_A_DATABASE)
    return new DamagedDatabaseError(location, reasonOf(cause), { cause });
  const isFull = code === FULL || extendedCodeOf(cause) === NO_ROOM_FOR_INDEX;
  return new (isFull ? DiskFullError : DatabaseError)(action, location, cause);
}

/** The primary code: the lower byte of what SQLite answers. */
function codeOf(error: unknown): number | undefined {
  const code = extendedCodeOf(error);
  return code === undefined ? undefined : code & 0xff;
}

function extendedCodeOf(error: unknown): number | undefined {
  const code = (error as { readonly errcode?: unknown } | undefined)?.errcode;
  return typeof code === "number" ? code : undefined;
}
