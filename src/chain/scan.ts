/** Blocks asked for at a time; nodes refuse too many. */
const BLOCKS_PER_QUERY = 5_000;

/** Ranges of blocks `[from, to]` that cover `first .. last`, the latest first: what is looked for is nearly always recent. */
export function* rangesBackwards(first: number, last: number): Generator<readonly [from: number, to: number]> {
  for (let to = last; to >= first; to -= BLOCKS_PER_QUERY) yield [Math.max(first, to - BLOCKS_PER_QUERY + 1), to];
}

/** The same, the earliest first. */
export function* rangesForwards(first: number, last: number): Generator<readonly [from: number, to: number]> {
  for (let from = first; from <= last; from += BLOCKS_PER_QUERY) yield [from, Math.min(last, from + BLOCKS_PER_QUERY - 1)];
}
