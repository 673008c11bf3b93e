import { B52Error } from "../protocol/errors.ts";
import type { Changes, Reader } from "./records.ts";

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

/** Another process has the store open: one at a time may. */
export class StoreLockedError extends StoreError {}

/** No space is left for what is to be written. Nothing of it is there, and what was there before is whole. */
export class StoreFullError extends StoreError {}

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

/** LevelDB hides why an open failed in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return ((error.cause instanceof Error ? error.cause : error) as NodeJS.ErrnoException).code;
}
