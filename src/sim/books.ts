import { B52Error } from "../protocol/errors.ts";

/** One line of the books: two sums that must be equal to the last wei. */
export interface Entry {
  readonly what: string;
  readonly is: bigint;
  readonly expected: bigint;
}

/** Tokens came from nowhere or went nowhere. */
export class NotConservedError extends B52Error {
  constructor({ what, is, expected }: Entry) {
    super(`${what}: ${is} wei, expected ${expected}`, { what, is, expected });
  }
}

/** @throws {NotConservedError} naming the first line whose sums differ */
export function requireBalance(entries: readonly Entry[]): void {
  for (const entry of entries) if (entry.is !== entry.expected) throw new NotConservedError(entry);
}
