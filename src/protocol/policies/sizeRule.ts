import { OutOfRangeError } from "../errors.ts";
import { assertUint } from "../field.ts";
import type { Profile } from "../profile.ts";

/** How the size of a block enters its score, as a factor from 1 to 462; `undefined` is always 1. */
export interface SizeRule extends Pick<Profile, "arity" | "transfersPerBase"> {
  /** Counts the levels of the smallest proof tree that has room for the transactions. */
  readonly countsHeight: boolean;
  /** Counts the bit length of `transactions + 1`. */
  readonly countsTransactions: boolean;
}

const MAX_HEIGHT = 14;

/** countsTransactions (1) << 41 | countsHeight (1) << 40 | transfersPerBase (32) << 8 | arityBits (8) */
export function packSizeRule(rule: SizeRule | undefined): bigint {
  if (rule === undefined) return 0n;
  const { arity, transfersPerBase, countsHeight, countsTransactions } = rule;
  const arityBits = Math.log2(arity);
  if (![1, 2, 3, 4].includes(arityBits)) throw new OutOfRangeError("arity", arity, "2, 4, 8 or 16");
  if (transfersPerBase === 0) throw new OutOfRangeError("transfersPerBase", transfersPerBase, "at least 1");
  return (
    (BigInt(countsTransactions) << 41n) |
    (BigInt(countsHeight) << 40n) |
    (assertUint(transfersPerBase, 32, "transfersPerBase") << 8n) |
    BigInt(arityBits)
  );
}

/** The inverse of {@link packSizeRule}. */
export function unpackSizeRule(packed: bigint): SizeRule | undefined {
  if (packed === 0n) return undefined;
  return {
    arity: 2 ** Number(packed & 0xffn),
    transfersPerBase: Number((packed >> 8n) & 0xffff_ffffn),
    countsHeight: ((packed >> 40n) & 1n) === 1n,
    countsTransactions: ((packed >> 41n) & 1n) === 1n,
  };
}

/** What a score is multiplied by. @param txCount below 2^32 */
export function sizeFactor(rule: SizeRule | undefined, txCount: number): bigint {
  const count = assertUint(txCount, 32, "txCount");
  let factor = 1;
  if (rule?.countsHeight) {
    for (let capacity = rule.transfersPerBase; capacity < txCount && factor < MAX_HEIGHT; factor++)
      capacity *= rule.arity;
  }
  if (rule?.countsTransactions) factor *= (count + 1n).toString(2).length;
  return BigInt(factor);
}
