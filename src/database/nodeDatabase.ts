import { dirname, join } from "node:path";
import { makeFolder } from "../chain/folders.ts";
import type { Store } from "../state/store.ts";
import { Connection } from "./connection.ts";
import { DutyLedger } from "./duties.ts";
import { DamagedDatabaseError, ForeignDatabaseError } from "./errors.ts";
import { type FreeSpaceOptions, requireFreeSpace } from "./freeSpace.ts";
import { JobTable, type JobTableOptions } from "./jobs.ts";
import { ProcessLock } from "./lock.ts";
import { MempoolTable } from "./mempool.ts";
import { migrate } from "./migrations.ts";
import { RecordStore } from "./recordStore.ts";
import { MIGRATIONS } from "./schema.ts";
import { TransactionTable } from "./transactions.ts";

/** Of the database in its folder. */
export const DATABASE_FILE = "node.sqlite";
/** Of the lock beside it. */
export const LOCK_FILE = "node.lock";

export interface NodeDatabaseOptions extends JobTableOptions, FreeSpaceOptions {}

const MEMORY = ":memory:";
const ROLLUP = "rollup";

/**
 * What a program must not lose: duties, journals, jobs, transactions, mempool, in one SQLite file. One process at a
 * time has it open. Every write is on disk when it returns.
 */
export class NodeDatabase {
  readonly duties: DutyLedger;
  readonly jobs: JobTable;
  readonly transactions: TransactionTable;
  readonly mempool: MempoolTable;
  readonly #connection: Connection;
  /** Does not wait for the disk. */
  readonly #relaxed: Connection;
  readonly #lock: ProcessLock;
  readonly #options: NodeDatabaseOptions;

  private constructor(connection: Connection, lock: ProcessLock, rollup: string, options: NodeDatabaseOptions) {
    this.#connection = connection;
    this.#lock = lock;
    this.#options = options;
    this.duties = new DutyLedger(connection, rollup);
    this.jobs = new JobTable(connection, options);
    this.transactions = new TransactionTable(connection);
    this.#relaxed = relaxed(connection);
    this.mempool = new MempoolTable(this.#relaxed, options.now ?? Date.now);
  }

  /**
   * Opens the database in `folder`, or makes one.
   * @param rollup whose it is, see `rollupName`; left out, whatever it says itself
   * @throws {LockedError} naming the process that has it open
   * @throws {DamagedDatabaseError} @throws {NewerDatabaseError} @throws {ForeignDatabaseError}
   * @throws {FolderError} @throws {DatabaseError}
   */
  static async open(folder: string, rollup?: string, options: NodeDatabaseOptions = {}): Promise<NodeDatabase> {
    await makeFolder(folder);
    return NodeDatabase.#open(join(folder, DATABASE_FILE), join(folder, LOCK_FILE), rollup, options);
  }

  /** One that ends with the process, for simulations. */
  static async inMemory(rollup: string, options: NodeDatabaseOptions = {}): Promise<NodeDatabase> {
    return NodeDatabase.#open(MEMORY, MEMORY, rollup, options);
  }

  static async #open(
    path: string,
    lockPath: string,
    rollup: string | undefined,
    options: NodeDatabaseOptions,
  ): Promise<NodeDatabase> {
    const lock = await ProcessLock.take(lockPath, `the folder ${dirname(lockPath)}`);
    let connection: Connection | undefined;
    try {
      connection = new Connection(path);
      connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      const { quick_check: check } = connection.get("PRAGMA quick_check(1)")!;
      if (check !== "ok") throw new DamagedDatabaseError(path, String(check).replaceAll("\n", ", "));
      migrate(connection, MIGRATIONS);
      return new NodeDatabase(connection, lock, owned(connection, rollup), options);
    } catch (error) {
      connection?.close();
      lock.release();
      throw error;
    }
  }

  /** Path of the file. */
  get location(): string {
    return this.#connection.location;
  }

  /** Records of a role under a name of their own. */
  store(name: string): Store {
    return new RecordStore(this.#connection, name);
  }

  /** To be asked before anything is promised. @throws {DiskLowError} */
  async requireFreeSpace(): Promise<void> {
    if (this.location !== MEMORY) await requireFreeSpace(dirname(this.location), this.#options);
  }

  close(): void {
    this.#relaxed.close();
    this.#connection.close();
    this.#lock.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A connection to the same database whose writes are synced with the next one of the other. */
function relaxed(connection: Connection): Connection {
  if (connection.location === MEMORY) return connection;
  const other = new Connection(connection.location);
  other.execute("PRAGMA synchronous = NORMAL");
  return other;
}

/** What to do about the database of another rollup, which may be a chain for development that was restarted. */
const OTHER_FOLDER = ": name another data folder, or remove this one if that rollup's chain is gone for good";

/** @returns whose the database is from now on */
function owned(connection: Connection, rollup: string | undefined): string {
  const found = connection.get("SELECT value FROM facts WHERE name = ?", ROLLUP)?.value as string | undefined;
  if (found !== undefined && rollup !== undefined && found !== rollup)
    throw new ForeignDatabaseError(connection.location, found, rollup, OTHER_FOLDER);
  if (found === undefined && rollup !== undefined) connection.run("INSERT INTO facts VALUES (?, ?)", ROLLUP, rollup);
  const owner = found ?? rollup;
  if (owner === undefined)
    throw new ForeignDatabaseError(connection.location, "no rollup", "that of one: no program has used it");
  return owner;
}
