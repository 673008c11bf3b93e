import { MAX_WAITING } from "./limits.ts";
import type { Topic } from "./topics.ts";

/** What waits, in the order in which it is to be taken. */
interface Line<T> {
  readonly length: number;
  /** @returns what falls out, if there is no room for all */
  add(item: T): T | undefined;
  take(): T | undefined;
}

/** The first one first; what comes when it is full is the one too many. */
class First<T> implements Line<T> {
  readonly #limit: number;
  readonly #items: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#items.length;
  }

  add(item: T): T | undefined {
    if (this.#items.length >= this.#limit) return item;
    this.#items.push(item);
    return undefined;
  }

  take(): T | undefined {
    return this.#items.shift();
  }
}

/** The last one first; the oldest is the one too many. */
class Last<T> implements Line<T> {
  readonly #limit: number;
  readonly #items: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#items.length;
  }

  add(item: T): T | undefined {
    this.#items.push(item);
    return this.#items.length > this.#limit ? this.#items.shift() : undefined;
  }

  take(): T | undefined {
    return this.#items.pop();
  }
}

/** The one of the highest rank first, of those the oldest; the youngest of the lowest rank is the one too many. */
class Highest<T> implements Line<T> {
  readonly #limit: number;
  readonly #rankOf: (item: T) => number;
  /** Ascending. */
  readonly #ranks: number[] = [];
  readonly #items = new Map<number, T[]>();
  #length = 0;

  constructor(limit: number, rankOf: (item: T) => number) {
    this.#limit = limit;
    this.#rankOf = rankOf;
  }

  get length(): number {
    return this.#length;
  }

  add(item: T): T | undefined {
    const rank = this.#rankOf(item);
    const same = this.#items.get(rank);
    if (same !== undefined) same.push(item);
    else {
      this.#items.set(rank, [item]);
      this.#ranks.splice(this.#placeOf(rank), 0, rank);
    }
    this.#length++;
    return this.#length > this.#limit ? this.#remove(0, (items) => items.pop()) : undefined;
  }

  take(): T | undefined {
    return this.#remove(this.#ranks.length - 1, (items) => items.shift());
  }

  #remove(at: number, from: (items: T[]) => T | undefined): T | undefined {
    const rank = this.#ranks[at];
    if (rank === undefined) return undefined;
    const items = this.#items.get(rank)!;
    const item = from(items);
    if (items.length === 0) {
      this.#items.delete(rank);
      this.#ranks.splice(at, 1);
    }
    this.#length--;
    return item;
  }

  #placeOf(rank: number): number {
    let [low, high] = [0, this.#ranks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ranks[middle]! < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Which topic is served first: a proposal is worth more than the votes for it, and all more than a transfer. */
const ORDER: readonly Topic[] = ["proposals", "votes", "proofs", "transactions"];

/** Messages that wait to be judged, no more than {@link MAX_WAITING} of a topic. */
export class Waiting<T extends { readonly topic: Topic }> {
  readonly #lines: { readonly [topic in Topic]: Line<T> };

  /**
   * @param rankOf how dear a transaction is
   * @param parts of {@link MAX_WAITING}, of which there is room for one
   */
  constructor(rankOf: (item: T) => number, parts = 1) {
    const limit = (topic: Topic): number => MAX_WAITING[topic] / parts;
    this.#lines = {
      transactions: new Highest(limit("transactions"), rankOf),
      proposals: new First(limit("proposals")),
      votes: new Last(limit("votes")),
      proofs: new First(limit("proofs")),
    };
  }

  get length(): number {
    return ORDER.reduce((sum, topic) => sum + this.#lines[topic].length, 0);
  }

  lengthOf(topic: Topic): number {
    return this.#lines[topic].length;
  }

  /** @returns what there is no room for, if anything: it may be the item itself */
  add(item: T): T | undefined {
    return this.#lines[item.topic].add(item);
  }

  take(): T | undefined {
    for (const topic of ORDER) {
      const item = this.#lines[topic].take();
      if (item !== undefined) return item;
    }
    return undefined;
  }
}
