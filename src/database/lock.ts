import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Connection, isBusy } from "./connection.ts";
import { LockedError, type LockHolder } from "./errors.ts";

const ATTEMPTS = 20;
const PAUSE_MS = 10;

const SCHEMA = `CREATE TABLE IF NOT EXISTS holder (
  id INTEGER PRIMARY KEY CHECK (id = 1), pid INTEGER NOT NULL, host TEXT NOT NULL, since INTEGER NOT NULL
) STRICT`;

/**
 * The right of one process to a folder or a key. It is a transaction of SQLite that stays open: the operating system
 * ends it with the process, however that dies, so there is nothing to clean up. The process says who it is in the file
 * first, for the message that a second one gets.
 */
export class ProcessLock {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * @param path of the lock's file, which is made if it is missing; or `:memory:`
   * @param what it is the right to, for the message
   * @throws {LockedError} naming the process that has it @throws {DatabaseError}
   */
  static async take(path: string, what = path, pid = process.pid): Promise<ProcessLock> {
    const connection = new Connection(path, { timeout: 0 });
    try {
      const self = { pid, host: hostname(), since: new Date() };
      let holder: LockHolder | undefined;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          connection.execute("BEGIN IMMEDIATE");
          if (isDeepStrictEqual(holderIn(connection), self)) return new ProcessLock(connection);
          // To be read by others it must be committed, and that gives the lock back for a moment.
          say(connection, self);
          connection.execute("COMMIT");
          continue;
        } catch (error) {
          if (!isBusy(error)) throw error;
          holder = readHolder(connection) ?? holder;
        }
        // Whoever says who it is at this moment has the file for itself, and may lose the race.
        if (holder !== undefined && holder.pid !== pid && attempt >= 2) break;
        await sleep(PAUSE_MS);
      }
      throw new LockedError(what, holder);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  release(): void {
    this.#connection.close();
  }
}

function say(connection: Connection, { pid, host, since }: LockHolder): void {
  connection.execute(SCHEMA);
  connection.run("INSERT OR REPLACE INTO holder VALUES (1, ?, ?, ?)", pid, host, since.getTime());
}

function holderIn(connection: Connection): LockHolder | undefined {
  if (connection.get("SELECT 1 FROM sqlite_schema WHERE name = 'holder'") === undefined) return undefined;
  const row = connection.get("SELECT pid, host, since FROM holder");
  return row && { pid: Number(row["pid"]), host: String(row["host"]), since: new Date(Number(row["since"])) };
}

/** Undefined while it is being written. */
function readHolder(connection: Connection): LockHolder | undefined {
  try {
    return holderIn(connection);
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  }
}
