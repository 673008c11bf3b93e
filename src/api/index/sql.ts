import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

type Row = Record<string, unknown>;

/** A database whose statements are prepared once. */
export class Sql {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
    // All of it can be made anew: it has to be whole, and need not be the latest.
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000");
  }

  exec(text: string): void {
    this.#database.exec(text);
  }

  /** @returns how many rows are changed */
  run(text: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(text).run(...values).changes);
  }

  /** @param text whose columns are those of T */
  get<T extends object>(text: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(text).get(...values) as (Row & T) | undefined;
  }

  all<T extends object>(text: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(text).all(...values) as (Row & T)[];
  }

  /** All of what `change` writes, or nothing. */
  transaction<T>(change: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = change();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}
