import { ClassicLevel } from "classic-level";
import { B52Error } from "../protocol/errors.ts";
import type { Changes, Reader } from "./records.ts";
import { changedSum, readSum, SUM_KEY, sumOf } from "./recordSum.ts";

/** Where the state is kept. */
export interface Store extends Reader {
  /** Where it is, for messages. */
  readonly location: string;
  /** Counts the writes that were begun. A reader that sees it grow knows that what it read may be gone. */
  readonly version: number;
  /** Writes all changes or none, durably; undefined removes a key. `version` grows before anything is written. */
  write(changes: Changes): Promise<void>;
  close(): Promise<void>;
}

/** The disk refused: another process has the store open, the disk is full, or nothing can be written to it. */
export class StoreError extends B52Error {
  constructor(action: string, location: string, cause: unknown) {
    const reason = codeOf(cause) === "LEVEL_LOCKED" ? "another b52 has it open" : reasonOf(cause);
    super(`cannot ${action} the store at ${location}: ${reason}`, { action, location }, { cause });
  }
}

/** The store does not hold what was written to it. */
export class DamagedStoreError extends B52Error {
  constructor(location: string, reason: string, options?: ErrorOptions) {
    super(
      `the store at ${location} is damaged (${reason}): remove it and sync again, nothing is lost, because all ` +
        "of it is on L1",
      { location, reason },
      options,
    );
  }
}

/**
 * Runs `read` on records that this program has written. If they cannot be decoded, they are damaged. @throws
 * {DamagedStoreError}
 */
export function readRecords<T>(location: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof StoreError || error instanceof DamagedStoreError) throw error;
    throw new DamagedStoreError(location, `a record cannot be decoded: ${reasonOf(error)}`, { cause: error });
  }
}

/** A store that ends with the process. */
export class MemoryStore implements Store {
  readonly location = "memory";
  readonly #values = new Map<string, string>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  async write(changes: Changes): Promise<void> {
    this.#version++;
    for (const [key, value] of changes) {
      if (value === undefined) this.#values.delete(key);
      else this.#values.set(key, value);
    }
  }

  async close(): Promise<void> {}
}

/**
 * A store on disk: LevelDB, whose synced batches survive a crash whole or not at all. LevelDB itself reads on where
 * bits have flipped, and the options that forbid this are missing in Node's binding. So the store keeps a sum of all
 * records beside them, and does not open if the sum is wrong.
 */
export class LevelStore implements Store {
  readonly #level: ClassicLevel;
  #sum: bigint;
  #version = 0;
  /** Settles after the last write that was begun. */
  #written: Promise<unknown> = Promise.resolve();

  private constructor(level: ClassicLevel, sum: bigint) {
    this.#level = level;
    this.#sum = sum;
  }

  /**
   * Reads every record once.
   * @throws {StoreError} if `location` cannot be opened or another process has it open
   * @throws {DamagedStoreError} if a record was changed, lost or added since it was written
   */
  static async open(location: string): Promise<LevelStore> {
    const level = new ClassicLevel(location);
    try {
      await level.open();
    } catch (cause) {
      throw errorOf("open", location, cause);
    }
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
    return getFrom(this.#level, key);
  }

  async write(changes: Changes): Promise<void> {
    this.#version++;
    // The sum is that of the records before: one write at a time.
    const written = this.#written.then(() => this.#put(changes));
    this.#written = written.catch(() => undefined);
    await written;
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  async #put(changes: Changes): Promise<void> {
    const sum = changedSum(this.#sum, this, changes);
    const batch = [...changes, [SUM_KEY, `${sum}`] as const].map(([key, value]) =>
      value === undefined ? { type: "del" as const, key } : { type: "put" as const, key, value },
    );
    try {
      await this.#level.batch(batch, { sync: true });
    } catch (cause) {
      throw errorOf("write", this.location, cause);
    }
    this.#sum = sum;
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
  const isDamage = codeOf(cause) === "LEVEL_CORRUPTION" || /No such file|Invalid argument/.test(reason);
  return isDamage ? new DamagedStoreError(location, reason, { cause }) : new StoreError(action, location, cause);
}

/** LevelDB hides why an open failed in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return ((error.cause instanceof Error ? error.cause : error) as NodeJS.ErrnoException).code;
}
