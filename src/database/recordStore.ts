import type { Changes } from "../state/records.ts";
import type { Store } from "../state/store.ts";
import type { Connection } from "./connection.ts";

/** Records under a name in a database, as a {@link Store}. It is open as long as the database is. */
export class RecordStore implements Store {
  readonly location: string;
  readonly #connection: Connection;
  readonly #name: string;
  #version = 0;

  constructor(connection: Connection, name: string) {
    this.location = `${connection.location} (${name})`;
    this.#connection = connection;
    this.#name = name;
  }

  get version(): number {
    return this.#version;
  }

  get(key: string): string | undefined {
    const found = this.#connection.get("SELECT value FROM records WHERE store = ? AND key = ?", this.#name, key);
    return found?.value as string | undefined;
  }

  /** @throws {DatabaseError} @throws {DiskFullError} */
  async write(changes: Changes): Promise<void> {
    this.#version++;
    this.#connection.transaction(() => {
      for (const [key, value] of changes) {
        if (value === undefined)
          this.#connection.run("DELETE FROM records WHERE store = ? AND key = ?", this.#name, key);
        else this.#connection.run("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", this.#name, key, value);
      }
    });
  }

  async close(): Promise<void> {}
}
