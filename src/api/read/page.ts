import { invalid } from "../problem.ts";

/** Where a list goes on: after the row with these numbers. */
export type Cursor = readonly number[];

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** @param width numbers that a cursor of the list has @throws {ProblemError} for one that this list has not given */
export function cursorOf({ cursor }: PageQuery, width: number): Cursor | undefined {
  if (cursor === undefined) return undefined;
  const numbers = cursor.split(".");
  const isOurs = numbers.length === width && numbers.every((each) => /^\d{1,16}$/.test(each));
  if (!isOurs || !numbers.every((each) => Number.isSafeInteger(Number(each))))
    throw invalid("cursor", cursor, "`next` of an answer of this list");
  return numbers.map(Number);
}

/** @param rows one more than the limit, if there are so many */
export function pageOf<R, T>(
  { limit }: PageQuery,
  rows: readonly R[],
  keyOf: (row: R) => Cursor,
  item: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? keyOf(last).join(".") : null;
  return { items: shown.map(item), next };
}

/** A part of a list that is in memory, by position. */
export function pageOfList<R, T>(query: PageQuery, list: readonly R[], item: (row: R, index: number) => T): Page<T> {
  const from = cursorOf(query, 1)?.[0] ?? 0;
  const items = list.slice(from, from + query.limit).map((row, i) => item(row, from + i));
  const end = from + items.length;
  return { items, next: end < list.length ? `${end}` : null };
}
