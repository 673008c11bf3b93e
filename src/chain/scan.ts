import { isDisconnect, RefusedBlockError } from "./errors.ts";

/** Blocks asked for at a time; nodes refuse too many. */
const BLOCKS_PER_QUERY = 5_000;

type Range = readonly [from: number, to: number];

/** Asks a node about the blocks `from .. to`. */
export type Query<T> = (from: number, to: number) => Promise<T>;

/** Ranges of blocks that cover `first .. last`, the earliest first. */
export function* rangesForwards(first: number, last: number): Generator<Range> {
  for (let from = first; from <= last; from += BLOCKS_PER_QUERY)
    yield [from, Math.min(last, from + BLOCKS_PER_QUERY - 1)];
}

/**
 * The answers about `first .. last`, the earliest first: as many as it takes. Who has found enough asks no further.
 * @throws {RefusedBlockError}
 */
export async function* scanForwards<T>(first: number, last: number, query: Query<T>): AsyncGenerator<T> {
  for (const range of rangesForwards(first, last)) yield* answersOn(range, query, "forwards");
}

/** The same, the latest first: what is looked for is nearly always recent. @throws {RefusedBlockError} */
export async function* scanBackwards<T>(first: number, last: number, query: Query<T>): AsyncGenerator<T> {
  for (let to = last; to >= first; to -= BLOCKS_PER_QUERY) {
    yield* answersOn([Math.max(first, to - BLOCKS_PER_QUERY + 1), to], query, "backwards");
  }
}

/** The logs of a range of blocks, in order: all at once where the node lets us. @throws {RefusedBlockError} */
export async function logsIn<T>(from: number, to: number, query: Query<T[]>): Promise<T[]> {
  if (from > to) return [];
  const found: T[][] = [];
  for await (const logs of answersOn([from, to], query, "forwards")) found.push(logs);
  return found.flat();
}

/**
 * Nodes refuse many blocks as well as many logs, and anybody can make many of those: then one half is asked for after
 * the other.
 */
async function* answersOn<T>([from, to]: Range, query: Query<T>, order: "forwards" | "backwards"): AsyncGenerator<T> {
  let answer: T;
  try {
    answer = await query(from, to);
  } catch (error) {
    if (from === to) throw isDisconnect(error) ? error : new RefusedBlockError(from, error);
    const middle = Math.floor((from + to) / 2);
    const halves: Range[] = [
      [from, middle],
      [middle + 1, to],
    ];
    if (order === "backwards") halves.reverse();
    for (const half of halves) yield* answersOn(half, query, order);
    return;
  }
  yield answer;
}
