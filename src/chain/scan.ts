import { isDisconnect, RefusedBlockError } from "./errors.ts";

/** Blocks asked for at a time where some of the answers may be enough, and where all are wanted. */
const BLOCKS_PER_QUERY = 5_000;
const BLOCKS_AT_ONCE = 100_000;

/** After so many answers in a row twice as many blocks are asked for: maybe only one range had many logs. */
const ANSWERS_TO_GROW = 16;

type Range = readonly [from: number, to: number];

/** Asks a node about the blocks `from .. to`. */
export type Query<T> = (from: number, to: number) => Promise<T>;

/** Ranges of blocks that cover `first .. last`, the earliest first. */
export function* rangesForwards(first: number, last: number): Generator<Range> {
  for (let from = first; from <= last; from += BLOCKS_PER_QUERY)
    yield [from, Math.min(last, from + BLOCKS_PER_QUERY - 1)];
}

/**
 * Asks one node for logs, as many blocks at a time as it answers about. Nodes refuse many blocks as well as many logs,
 * and anybody can make many of those: then fewer are asked for, and from then on, too.
 */
export class LogScan {
  /** Blocks that the node answers about at a time, as far as it is known. */
  #most = BLOCKS_AT_ONCE;
  #answers = 0;

  /**
   * The answers about `first .. last`, the earliest first: as many as it takes. Who has found enough asks no further.
   * @throws {RefusedBlockError}
   */
  forwards<T>(first: number, last: number, query: Query<T>): AsyncGenerator<T> {
    return this.#forwards(first, last, BLOCKS_PER_QUERY, query);
  }

  async *#forwards<T>(first: number, last: number, most: number, query: Query<T>): AsyncGenerator<T> {
    for (let from = first; from <= last;) {
      const to = Math.min(last, from + Math.min(most, this.#most) - 1);
      const answer = await this.#ask([from, to], query);
      if (answer === undefined) continue;
      yield answer.value;
      from = to + 1;
    }
  }

  /** The same, the latest first: what is looked for is nearly always recent. @throws {RefusedBlockError} */
  async *backwards<T>(first: number, last: number, query: Query<T>): AsyncGenerator<T> {
    for (let to = last; to >= first;) {
      const from = Math.max(first, to - Math.min(BLOCKS_PER_QUERY, this.#most) + 1);
      const answer = await this.#ask([from, to], query);
      if (answer === undefined) continue;
      yield answer.value;
      to = from - 1;
    }
  }

  /** The logs of all blocks `first .. last`, in order. @throws {RefusedBlockError} */
  async all<T>(first: number, last: number, query: Query<T[]>): Promise<T[]> {
    const found: T[][] = [];
    for await (const logs of this.#forwards(first, last, BLOCKS_AT_ONCE, query)) found.push(logs);
    return found.flat();
  }

  /** @returns undefined if the node refuses so many blocks, and fewer are to be asked for */
  async #ask<T>([from, to]: Range, query: Query<T>): Promise<{ value: T } | undefined> {
    try {
      const value = await query(from, to);
      if (++this.#answers % ANSWERS_TO_GROW === 0) this.#most = Math.min(BLOCKS_AT_ONCE, 2 * this.#most);
      return { value };
    } catch (error) {
      // A node that is gone, or an interrupt, is no refusal.
      if (isDisconnect(error) || (error as Error).name === "AbortError") throw error;
      if (from === to) throw new RefusedBlockError(from, error);
      this.#most = Math.ceil((to - from + 1) / 2);
      this.#answers = 0;
      return undefined;
    }
  }
}
