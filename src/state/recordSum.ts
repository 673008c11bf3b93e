import { createHash } from "node:crypto";
import type { Changes, Reader } from "./records.ts";

/** The record that holds the sum of all others. */
export const SUM_KEY = "sum";

const MODULUS = 2n ** 256n;

/**
 * The digest of one record. The sum of all digests shows whether any record was changed, lost or added, and a write
 * updates the sum from the records that it touches alone. The sum guards against accidents and edits by hand, not
 * against attackers: whoever can write to the store can write a sum, too.
 */
function recordHash(key: string, value: string): bigint {
  return BigInt(`0x${createHash("sha256").update(`${key.length}:${key}${value}`).digest("hex")}`);
}

/** The sum of the records at `keys`. A key without a record adds nothing. */
export async function sumOf(keys: AsyncIterable<string>, get: (key: string) => string | undefined): Promise<bigint> {
  let sum = 0n;
  for await (const key of keys) {
    const value = key === SUM_KEY ? undefined : get(key);
    if (value !== undefined) sum += recordHash(key, value);
  }
  return sum % MODULUS;
}

/** `sum` after `changes` to the records in `before`. */
export function changedSum(sum: bigint, before: Reader, changes: Changes): bigint {
  let changed = sum;
  for (const [key, value] of changes) {
    const old = before.get(key);
    if (old !== undefined) changed -= recordHash(key, old);
    if (value !== undefined) changed += recordHash(key, value);
  }
  return ((changed % MODULUS) + MODULUS) % MODULUS;
}

/** The sum as it was written: 0 in a store that was never written to. @throws {SyntaxError} if it is no number */
export function readSum(written: string | undefined): bigint {
  return BigInt(written ?? "0");
}
