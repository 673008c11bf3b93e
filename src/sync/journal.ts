import type { Changes } from "../state/records.ts";
import type { Store } from "../state/store.ts";

/** Blocks that can be taken back. At one block in some minutes that is days, and no chain reorganises that deep. */
export const JOURNAL_LENGTH = 1_024;

const COUNT = "undo";

/** The value that a key had before a block; null: none. */
type Before = readonly (readonly [key: string, value: string | null])[];

/**
 * A store whose last blocks can be taken back. Every write but the first is a block. Its batch also keeps what it
 * overwrites, until {@link JOURNAL_LENGTH} more blocks have come.
 */
export class Journal implements Store {
  readonly #store: Store;
  readonly #length: number;

  constructor(store: Store, length: number) {
    this.#store = store;
    this.#length = length;
  }

  get location(): string {
    return this.#store.location;
  }

  get version(): number {
    return this.#store.version;
  }

  get(key: string): string | undefined {
    return this.#store.get(key);
  }

  async write(changes: Changes): Promise<void> {
    const count = this.#store.get(COUNT);
    if (count === undefined) return this.#store.write(new Map([...changes, [COUNT, "0"]]));
    const next = Number(count) + 1;
    const before: Before = [...changes.keys()].map((key) => [key, this.#store.get(key) ?? null]);
    await this.#store.write(
      new Map([
        ...changes,
        [COUNT, `${next}`],
        [recordKey(next), JSON.stringify(before)],
        [recordKey(next - this.#length), undefined],
      ]),
    );
  }

  /** Writes what belongs to no block and is never taken back. */
  async note(changes: Changes): Promise<void> {
    await this.#store.write(changes);
  }

  /**
   * Puts everything back to where it was before the last block, and makes `changes`.
   * @returns false if what the last block overwrote is no longer known; nothing changes then
   */
  async takeBack(changes: Changes = new Map()): Promise<boolean> {
    const count = Number(this.#store.get(COUNT) ?? 0);
    const record = this.#store.get(recordKey(count));
    if (record === undefined) return false;
    const before = (JSON.parse(record) as Before).map(([key, value]) => [key, value ?? undefined] as const);
    await this.#store.write(new Map([...before, [COUNT, `${count - 1}`], [recordKey(count), undefined], ...changes]));
    return true;
  }

  async close(): Promise<void> {
    await this.#store.close();
  }
}

const recordKey = (count: number): string => `${COUNT}:${count}`;
