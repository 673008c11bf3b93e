import type { SQLInputValue } from "node:sqlite";
import { Connection } from "../../database/connection.ts";

/** A database whose rows have types. */
export class Sql {
  readonly #connection: Connection;

  /** @throws {DatabaseError} @throws {DamagedDatabaseError} */
  constructor(path: string) {
    this.#connection = new Connection(path);
    // All of it can be made anew: it has to be whole, and need not be the latest.
    try {
      this.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    } catch (error) {
      this.close();
      throw error;
    }
  }

  exec(text: string): void {
    this.#connection.execute(text);
  }

  /** @returns how many rows are changed @throws {DiskFullError} */
  run(text: string, ...values: SQLInputValue[]): number {
    return this.#connection.run(text, ...values);
  }

  /** @param text whose columns are those of T */
  get<T extends object>(text: string, ...values: SQLInputValue[]): T | undefined {
    return this.#connection.get(text, ...values) as T | undefined;
  }

  all<T extends object>(text: string, ...values: SQLInputValue[]): T[] {
    return this.#connection.all(text, ...values) as T[];
  }

  /** All of what `change` writes, or nothing. @throws {DiskFullError} */
  transaction<T>(change: () => T): T {
    return this.#connection.transaction(change);
  }

  close(): void {
    this.#connection.close();
  }
}
