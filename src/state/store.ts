import { ClassicLevel } from "classic-level";
import { B52Error } from "../protocol/errors.ts";

/** Something that values can be read from. */
export interface Reader {
  get(key: string): string | undefined;
}

/** What is written at once. */
export type Changes = ReadonlyMap<string, string | undefined>;

/** Where the state is kept. */
export interface Store extends Reader {
  /** Counts the writes that were begun, so that a reader can tell that what it saw is gone. */
  readonly version: number;
  /** Writes all changes or none, durably; undefined removes a key. `version` grows before anything is written. */
  write(changes: Changes): Promise<void>;
  close(): Promise<void>;
}

/** The disk said no: another process holds the store, it is full, or it cannot be written. */
export class StoreError extends B52Error {
  constructor(action: string, location: string, cause: unknown) {
    super(`cannot ${action} the store at ${location}: ${reasonOf(cause)}`, { action, location }, { cause });
  }
}

/** A store that ends with the process. */
export class MemoryStore implements Store {
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

/** A store on disk: LevelDB, whose synced batches survive a crash whole or not at all. */
export class LevelStore implements Store {
  readonly #level: ClassicLevel;
  #version = 0;

  private constructor(level: ClassicLevel) {
    this.#level = level;
  }

  /** @throws {StoreError} if `location` cannot be opened or another process has it open */
  static async open(location: string): Promise<LevelStore> {
    const level = new ClassicLevel(location);
    try {
      await level.open();
    } catch (cause) {
      throw new StoreError("open", location, cause);
    }
    return new LevelStore(level);
  }

  get version(): number {
    return this.#version;
  }

  /** @throws {StoreError} if the disk fails or the store was closed */
  get(key: string): string | undefined {
    try {
      return this.#level.getSync(key);
    } catch (cause) {
      throw new StoreError("read", this.#level.location, cause);
    }
  }

  async write(changes: Changes): Promise<void> {
    this.#version++;
    const batch = [...changes].map(([key, value]) =>
      value === undefined ? { type: "del" as const, key } : { type: "put" as const, key, value },
    );
    try {
      await this.#level.batch(batch, { sync: true });
    } catch (cause) {
      throw new StoreError("write", this.#level.location, cause);
    }
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}

/** LevelDB hides why an open failed in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
