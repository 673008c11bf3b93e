import { OutOfRangeError } from "./errors.ts";

/** BLS12-381's scalar modulus: what blobs hold and what they are evaluated to is below it. */
export const BLOB_FIELD = 52435875175126190479447740508185965837690552500527637822603658699938581184513n;

/** Elements of one blob, which are the coefficients of a polynomial. */
export const ELEMENTS_PER_BLOB = 4_096;

/** Bits of the limbs in which circuits hold a number below {@link BLOB_FIELD}, least significant limb first. */
export const LIMB_BITS = [86n, 86n, 83n] as const;

/** A number below {@link BLOB_FIELD} in limbs of {@link LIMB_BITS}. */
export type Limbs = readonly [bigint, bigint, bigint];

/** `value` if `0 <= value < BLOB_FIELD`. @throws {OutOfRangeError} naming `name` otherwise */
export function assertBlobElement(value: bigint, name = "blob element"): bigint {
  if (value < 0n || value >= BLOB_FIELD) throw new OutOfRangeError(name, value, "0 to BLOB_FIELD - 1");
  return value;
}

/** The only limbs of a number. @throws {OutOfRangeError} naming `name` unless it is below {@link BLOB_FIELD} */
export function toLimbs(value: bigint, name?: string): Limbs {
  assertBlobElement(value, name);
  const [low, middle] = LIMB_BITS;
  return [BigInt.asUintN(Number(low), value), BigInt.asUintN(Number(middle), value >> low), value >> (low + middle)];
}

/** The polynomial with these coefficients at `z`: `sum coefficient_j z^j` modulo {@link BLOB_FIELD}. */
export function evaluate(coefficients: readonly bigint[], z: bigint): bigint {
  return coefficients.reduceRight((sum, coefficient) => (sum * z + coefficient) % BLOB_FIELD, 0n);
}

/** `base^exponent` modulo {@link BLOB_FIELD}. */
export function blobPower(base: bigint, exponent: number): bigint {
  let [result, square] = [1n, base % BLOB_FIELD];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % BLOB_FIELD;
    square = (square * square) % BLOB_FIELD;
  }
  return result;
}
