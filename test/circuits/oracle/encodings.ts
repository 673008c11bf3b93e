import { FIELD } from "../../../src/protocol/field.ts";
import { compress } from "../../../src/protocol/poseidon.ts";

// The oracle is written from docs/encodings.md alone. It shares the field, its hashes and the curve with the project,
// and no rule.

/** The ASCII bytes of a tag as a big-endian integer. */
export const tag = (name: string): bigint =>
  Buffer.from(`b52.${name}`, "ascii").reduce((number, byte) => number * 256n + BigInt(byte), 0n);

/** `count` bits of a packed number, from bit `low` on. */
export const bits = (packed: bigint, low: number, count: number): bigint =>
  (packed / 2n ** BigInt(low)) % 2n ** BigInt(count);

/** Wei of a packed amount or fee: the exponent stands in the 5 low bits. */
export const wei = (packed: bigint): bigint => (packed / 32n) * 10n ** (packed % 32n);

/** A number as a field element. */
export const field = (number: bigint): bigint => ((number % FIELD) + FIELD) % FIELD;

/** Balances and their sums stay below it. */
export const BALANCE_LIMIT = 2n ** 96n;

/** What an account holds; all four 0 for an empty one. */
export interface OracleAccount {
  readonly key: bigint;
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly l1Owner: bigint;
}

export const EMPTY: OracleAccount = { key: 0n, balance: 0n, nonce: 0n, l1Owner: 0n };

/** All accounts of a tree, by index. */
export type Accounts = readonly OracleAccount[];

/** The accounts with another one at an index. */
export const replaced = (accounts: Accounts, index: number, account: OracleAccount): Accounts =>
  accounts.map((old, i) => (i === index ? account : old));

/** The layers of the tree, leaves first: arity 4, a node is its four children compressed. */
export function layers(accounts: Accounts): bigint[][] {
  const all = [accounts.map(({ key, balance, nonce, l1Owner }) => compress([key, field(balance), nonce, l1Owner]))];
  for (let below = all[0]!; below.length > 1; below = all.at(-1)!) {
    all.push(Array.from({ length: below.length / 4 }, (_, i) => compress(below.slice(4 * i, 4 * i + 4))));
  }
  return all;
}

/** For each height the four children of the leaf's ancestor: the index in base 4 says which, its lowest digit first. */
export function path(accounts: Accounts, index: number, height: number): bigint[][] {
  return layers(accounts)
    .slice(0, height)
    .map((layer, level) => {
      const first = Math.floor(index / 4 ** (level + 1)) * 4;
      return layer.slice(first, first + 4);
    });
}
