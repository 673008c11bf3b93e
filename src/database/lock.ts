import { setTimeout as sleep } from "node:timers/promises";
import { Connection, isBusy } from "./connection.ts";
import { LockedError } from "./errors.ts";

const ATTEMPTS = 20;
const PAUSE_MS = 10;

/**
 * The right of one process to a folder or a key. It is a transaction of SQLite that stays open: the operating system
 * ends it with the process, however that dies, so there is nothing to clean up. The process says its number in the
 * file first, for the message that a second one gets.
 */
export class ProcessLock {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * @param path of the lock's file, which is made if it is missing and never removed; or `:memory:`
   * @throws {LockedError} naming the process that has it @throws {DatabaseError}
   */
  static async take(path: string, pid = process.pid): Promise<ProcessLock> {
    const connection = new Connection(path, { timeout: 0 });
    try {
      let holder = 0;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          connection.execute("BEGIN IMMEDIATE");
          if (pidIn(connection) === pid) return new ProcessLock(connection);
          // To be read by others it must be committed, and that gives the lock back for a moment.
          connection.execute(`PRAGMA user_version = ${pid}`);
          connection.execute("COMMIT");
          continue;
        } catch (error) {
          if (!isBusy(error)) throw error;
          holder = readPid(connection) ?? holder;
        }
        // Whoever says its number at this moment has the file for itself, and may lose the race.
        if (holder !== 0 && holder !== pid && attempt >= 2) break;
        await sleep(PAUSE_MS);
      }
      throw new LockedError(path, holder);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  release(): void {
    this.#connection.close();
  }
}

const pidIn = (connection: Connection): number => Number(connection.get("PRAGMA user_version")!.user_version);

/** Undefined while it is being written. */
function readPid(connection: Connection): number | undefined {
  try {
    return pidIn(connection);
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  }
}
