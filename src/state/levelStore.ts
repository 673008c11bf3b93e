import { ClassicLevel } from "classic-level";
import { B52Error } from "../protocol/errors.ts";
import type { Changes } from "./records.ts";
import { changedSum, readSum, SUM_KEY, sumOf } from "./recordSum.ts";
import {
  codeOf,
  DamagedStoreError,
  readRecords,
  reasonOf,
  type Store,
  StoreError,
  StoreFullError,
  StoreLockedError,
} from "./store.ts";

/**
 * A store on disk: LevelDB, whose synced batches survive a crash whole or not at all. LevelDB itself reads on where
 * bits have flipped, and the options that forbid this are missing in Node's binding. So the store keeps a sum of all
 * records beside them, and does not open if the sum is wrong.
 *
 * After a write that failed, on a full disk for example, LevelDB goes on behind what it has written in part, and loses
 * all of that when it is opened the next time. So the store opens it anew before the next write.
 */
export class LevelStore implements Store {
  readonly #level: ClassicLevel;
  #sum: bigint;
  #version = 0;
  /** Settles after the last write that was begun. */
  #written: Promise<unknown> = Promise.resolve();
  /** Whether a write has failed since LevelDB was opened. */
  #hasFailed = false;
  /** All records, for whoever reads while LevelDB is opened anew. */
  #copy: ReadonlyMap<string, string> | undefined;
  #isClosed = false;

  private constructor(level: ClassicLevel, sum: bigint) {
    this.#level = level;
    this.#sum = sum;
  }

  /**
   * Reads every record once.
   * @throws {StoreLockedError} if another process has it open
   * @throws {StoreError} if `location` cannot be opened
   * @throws {StoreFullError} if the disk has no room for what LevelDB writes when it is opened
   * @throws {DamagedStoreError} if a record was changed, lost or added since it was written
   */
  static async open(location: string): Promise<LevelStore> {
    const level = new ClassicLevel(location);
    await open(level);
    try {
      return new LevelStore(level, await checkedSum(level));
    } catch (error) {
      await level.close();
      throw error;
    }
  }

  get location(): string {
    return this.#level.location;
  }

  get version(): number {
    return this.#version;
  }

  /** @throws {StoreError} if the disk fails or the store was closed @throws {DamagedStoreError} */
  get(key: string): string | undefined {
    return this.#copy === undefined ? getFrom(this.#level, key) : this.#copy.get(key);
  }

  /** @throws {StoreError} if the disk fails or the store was closed @throws {StoreFullError} */
  async write(changes: Changes): Promise<void> {
    this.#version++;
    // The sum is that of the records before: one write at a time.
    const written = this.#written.then(() => this.#put(changes));
    this.#written = written.catch(() => undefined);
    await written;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#written;
    this.#copy = undefined;
    await this.#level.close();
  }

  async #put(changes: Changes): Promise<void> {
    if (this.#hasFailed && !this.#isClosed) await this.#openAnew();
    const sum = changedSum(this.#sum, this, changes);
    await this.#batch([...changes, [SUM_KEY, `${sum}`]]);
    this.#sum = sum;
  }

  async #batch(changes: readonly (readonly [key: string, value: string | undefined])[]): Promise<void> {
    try {
      await this.#level.batch(
        changes.map(([key, value]) => (value === undefined ? { type: "del", key } : { type: "put", key, value })),
        { sync: true },
      );
    } catch (cause) {
      this.#hasFailed = true;
      throw errorOf("write", this.location, cause);
    }
  }

  /** If it fails, the copy is read until another write succeeds. */
  async #openAnew(): Promise<void> {
    const copy = (this.#copy ??= new Map(await recordsOf(this.#level)));
    await this.#level.close();
    await open(this.#level);
    this.#hasFailed = false;
    // What failed was not to be there: of a batch whose sync alone has failed, all is.
    const found = new Map(await recordsOf(this.#level));
    const changes = [...new Set([...copy.keys(), ...found.keys()])]
      .filter((key) => copy.get(key) !== found.get(key))
      .map((key) => [key, copy.get(key)] as const);
    if (changes.length > 0) await this.#batch(changes);
    this.#copy = undefined;
  }
}

async function open(level: ClassicLevel): Promise<void> {
  try {
    await level.open();
  } catch (cause) {
    throw errorOf("open", level.location, cause);
  }
}

/** The sum of all records, as it was written beside them. @throws {DamagedStoreError} if it is not theirs */
async function checkedSum(level: ClassicLevel): Promise<bigint> {
  const { location } = level;
  // Each record is read by its key, as later reads do: a damaged index or filter can hide a record that is there.
  const sum = await sumOf(keysOf(level), (key) => getFrom(level, key));
  const written = readRecords(location, () => readSum(getFrom(level, SUM_KEY)));
  if (sum !== written) throw new DamagedStoreError(location, "its records are not those that were written last");
  return sum;
}

async function recordsOf(level: ClassicLevel): Promise<[key: string, value: string][]> {
  try {
    return await level.iterator().all();
  } catch (cause) {
    throw errorOf("read", level.location, cause);
  }
}

async function* keysOf(level: ClassicLevel): AsyncGenerator<string> {
  try {
    yield* level.keys();
  } catch (cause) {
    throw cause instanceof B52Error ? cause : errorOf("read", level.location, cause);
  }
}

function getFrom(level: ClassicLevel, key: string): string | undefined {
  try {
    return level.getSync(key);
  } catch (cause) {
    throw errorOf("read", level.location, cause);
  }
}

/** Damage that LevelDB notices itself: it does not open a store without some of its files, for example. */
function errorOf(action: string, location: string, cause: unknown): B52Error {
  const reason = reasonOf(cause);
  if (/No space left|Disk quota exceeded/.test(reason)) return new StoreFullError(action, location, cause);
  if (codeOf(cause) === "LEVEL_LOCKED") return new StoreLockedError(action, location, cause);
  const isDamage = codeOf(cause) === "LEVEL_CORRUPTION" || /No such file|Invalid argument/.test(reason);
  return isDamage ? new DamagedStoreError(location, reason, { cause }) : new StoreError(action, location, cause);
}
