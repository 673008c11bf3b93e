import { assertField, assertUint } from "../protocol/field.ts";
import { compress } from "../protocol/poseidon.ts";

/** One account of the L2. */
export interface Account {
  /** The y coordinate of its owner's public key; 0 = the account does not exist. */
  readonly key: bigint;
  /** Wei, below 2^96. */
  readonly balance: bigint;
  /** Transfers sent so far. */
  readonly nonce: bigint;
  /** The L1 address that may force operations, as a number. */
  readonly l1Owner: bigint;
}

export const BALANCE_BITS = 96;

/** What every unused index holds. */
export const EMPTY_ACCOUNT: Account = { key: 0n, balance: 0n, nonce: 0n, l1Owner: 0n };

/**
 * The account's leaf in the state tree.
 * @throws {OutOfRangeError} if the balance is too large or a value not canonical
 */
export function accountLeaf({ key, balance, nonce, l1Owner }: Account): bigint {
  assertUint(balance, BALANCE_BITS, "balance");
  assertUint(l1Owner, 160, "l1Owner");
  return compress([assertField(key, "key"), balance, nonce, l1Owner]);
}

/** An account as the store keeps it. */
export function encodeAccount({ key, balance, nonce, l1Owner }: Account): string {
  return [key, balance, nonce, l1Owner].map((value) => value.toString(16)).join(",");
}

/** The inverse of {@link encodeAccount}. */
export function decodeAccount(encoded: string): Account {
  const [key, balance, nonce, l1Owner] = encoded.split(",").map((value) => BigInt(`0x${value}`)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return { key, balance, nonce, l1Owner };
}
