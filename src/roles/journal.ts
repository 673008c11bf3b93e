import type { z } from "zod";
import { WrongStoreError } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { decode, encode } from "../database/json.ts";
import { DamagedStoreError, readRecords } from "../state/store.ts";

/** What is written before an action, so that a process that dies in between goes on where it stopped. */
export interface Entry {
  /** Number of the round that it belongs to, see `RoundState.roundNumber`. */
  readonly roundNumber: bigint;
}

const ENDS = "journal";
const OWNER = "journal of";

/**
 * An append-only list of entries in a store. What a role has done is a pure fold of them, so a restart gives the same
 * role. Each entry is one durable write: it is there whole, or not at all.
 */
export class Journal<E extends Entry> {
  readonly #store: Store;
  readonly #schema: z.ZodType<E>;
  readonly #owner: string;
  readonly #entries: E[] = [];
  readonly #numbers: number[] = [];
  #first = 0;
  #next = 0;
  /** Settles after the last write that was begun. */
  #written: Promise<unknown> = Promise.resolve();

  /**
   * @param owner whose rounds these are, see `rollupName`: numbers of rounds are the same on every chain
   * @throws {WrongStoreError} if the journal is another's
   * @throws {DamagedStoreError} if the store holds something else
   */
  constructor(store: Store, schema: z.ZodType<E>, owner: string) {
    this.#store = store;
    this.#schema = schema;
    this.#owner = owner;
    const found = store.get(OWNER);
    if (found !== undefined && found !== owner) throw new WrongStoreError(store.location, found, owner);
    readRecords(store.location, () => this.#load());
  }

  /** In the order in which they were written. */
  get entries(): readonly E[] {
    return this.#entries;
  }

  /** Settles when the entry is on disk: only then may the action follow. */
  async append(entry: E): Promise<void> {
    return this.#inTurn(() => this.#append(entry));
  }

  /** Forgets the entries of rounds before `roundNumber`. */
  async prune(roundNumber: bigint): Promise<void> {
    return this.#inTurn(() => this.#prune(roundNumber));
  }

  /** One write at a time: the number of an entry is one more than that of the entry before. */
  async #inTurn(write: () => Promise<void>): Promise<void> {
    const written = this.#written.then(write);
    this.#written = written.catch(() => undefined);
    await written;
  }

  async #append(entry: E): Promise<void> {
    const number = this.#next;
    await this.#store.write(
      new Map([
        [entryKey(number), encode(entry)],
        [ENDS, `${this.#first},${number + 1}`],
        [OWNER, this.#owner],
      ]),
    );
    this.#next = number + 1;
    this.#entries.push(entry);
    this.#numbers.push(number);
  }

  async #prune(roundNumber: bigint): Promise<void> {
    const kept = this.#entries.findIndex((entry) => entry.roundNumber >= roundNumber);
    const count = kept < 0 ? this.#entries.length : kept;
    if (count === 0) return;
    const first = this.#numbers[count] ?? this.#next;
    const gone = this.#numbers.slice(0, count).map((number) => [entryKey(number), undefined] as const);
    await this.#store.write(new Map<string, string | undefined>([...gone, [ENDS, `${first},${this.#next}`]]));
    this.#first = first;
    this.#entries.splice(0, count);
    this.#numbers.splice(0, count);
  }

  #load(): void {
    const ends = this.#store.get(ENDS);
    if (ends === undefined) return;
    [this.#first, this.#next] = ends.split(",").map(Number) as [number, number];
    for (let number = this.#first; number < this.#next; number++) {
      const encoded = this.#store.get(entryKey(number));
      if (encoded === undefined) throw new DamagedStoreError(this.#store.location, `entry ${number} is missing`);
      this.#entries.push(this.#schema.parse(decode(encoded)));
      this.#numbers.push(number);
    }
  }
}

const entryKey = (number: number): string => `journal:${number}`;
