import { OutOfRangeError } from "./errors.ts";

/** The BN254 scalar field: every public input and hash is below it. */
export const FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** The BN254 base field, that of the coordinates of its points. */
export const BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;

/** Order of Baby Jubjub's prime subgroup: every secret scalar is below it. */
export const SUBGROUP_ORDER = 2736030358979909402780800718157159386076813972158567259200215660948447373041n;

/**
 * What the S of a signature is below: the order without its 123 lowest bits, because that is cheaper to compare in a
 * circuit. 1 in 2^128 numbers below the order is not below this.
 */
export const S_BOUND = (SUBGROUP_ORDER >> 123n) << 123n;

/** `value` if `0 <= value < FIELD`. @throws {OutOfRangeError} naming `name` otherwise */
export function assertField(value: bigint, name = "field element"): bigint {
  if (value < 0n || value >= FIELD) throw new OutOfRangeError(name, value, "0 to FIELD - 1");
  return value;
}

/**
 * `value` as a bigint if it is an unsigned integer of `bits` bits.
 * @throws {OutOfRangeError} naming `name` otherwise
 */
export function assertUint(value: bigint | number, bits: number, name: string): bigint {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new OutOfRangeError(name, value, "a whole number");
  }
  const number = BigInt(value);
  if (number < 0n || number >> BigInt(bits) !== 0n) throw new OutOfRangeError(name, value, `${bits} unsigned bits`);
  return number;
}

/** The ASCII bytes of `text` as a big-endian integer: separates the uses of Poseidon from each other. */
export function tag(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, "ascii").toString("hex")}`);
}

/** The tags of all Poseidon hashes. */
export const TAG = {
  content: tag("b52.content"),
  vote: tag("b52.vote"),
  key: tag("b52.key"),
  vrf: tag("b52.vrf"),
  transfer: tag("b52.transfer"),
  txs: tag("b52.txs"),
  provers: tag("b52.provers"),
  withdrawals: tag("b52.withdrawals"),
  root: tag("b52.root"),
} as const;
