import { FFT, rootsOfUnity } from "@noble/curves/abstract/fft.js";
import { Field } from "@noble/curves/abstract/modular.js";
import { MalformedError, OutOfRangeError } from "../protocol/errors.ts";

/** The scalar modulus of BLS12-381: every element of a blob is below it. */
export const BLOB_FIELD = 52435875175126190479447740508185965837690552500527637822603658699938581184513n;

/** Coefficients, and as many values, of one blob. */
export const ELEMENTS_PER_BLOB = 4_096;

const ELEMENT_BYTES = 32;
export const BLOB_BYTES = ELEMENTS_PER_BLOB * ELEMENT_BYTES;

const Fr = Field(BLOB_FIELD);
/** The generator that EIP-4844 takes its roots of unity from. */
const transform = FFT(rootsOfUnity(Fr, 7n), Fr);

/**
 * The blob of a polynomial: its values at the bit-reversed 4,096th roots of unity, 32 bytes big-endian each.
 * @param coefficients from that of X^0 on; trailing zeros may be left out
 * @throws {MalformedError} for more than a blob has
 * @throws {OutOfRangeError} for one that is not below BLOB_FIELD
 */
export function encodeBlob(coefficients: readonly bigint[]): Uint8Array {
  if (coefficients.length > ELEMENTS_PER_BLOB)
    throw new MalformedError("count of coefficients", coefficients.length, `at most ${ELEMENTS_PER_BLOB}`);
  const padded = Array.from({ length: ELEMENTS_PER_BLOB }, (_, i) => element(coefficients[i] ?? 0n, "coefficient", i));
  const blob = Buffer.alloc(BLOB_BYTES);
  transform
    .direct(padded, false, true)
    .forEach((value, i) => blob.write(value.toString(16).padStart(64, "0"), i * ELEMENT_BYTES, "hex"));
  return new Uint8Array(blob.buffer, blob.byteOffset, BLOB_BYTES);
}

/**
 * The inverse of {@link encodeBlob}: all 4,096 coefficients.
 * @throws {MalformedError} for another length
 * @throws {OutOfRangeError} for a value that is not below BLOB_FIELD: no blob of L1 has one
 */
export function decodeBlob(blob: Uint8Array): bigint[] {
  if (blob.length !== BLOB_BYTES)
    throw new MalformedError("blob length", `${blob.length} bytes`, `${BLOB_BYTES} bytes`);
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, BLOB_BYTES);
  const values = Array.from({ length: ELEMENTS_PER_BLOB }, (_, i) =>
    element(BigInt(`0x${bytes.toString("hex", i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES)}`), "value", i),
  );
  return transform.inverse(values, true, false);
}

/**
 * A block's elements, cut into the coefficients of its blobs: as many as its last element that is not 0 needs.
 * @param elements of its nodes of transfers
 */
export function cutElements(elements: readonly bigint[]): bigint[][] {
  const used = elements.findLastIndex((one) => one !== 0n) + 1;
  return Array.from({ length: Math.ceil(used / ELEMENTS_PER_BLOB) }, (_, blob) =>
    elements.slice(blob * ELEMENTS_PER_BLOB, Math.min(used, (blob + 1) * ELEMENTS_PER_BLOB)),
  );
}

/**
 * The inverse of {@link cutElements}.
 * @param blobs the coefficients of all blobs of a block, in order
 * @param count elements of a block's nodes of transfers
 * @throws {MalformedError} for one beyond the block that is not 0: no node proves it, so the block cannot be proven
 */
export function joinElements(blobs: readonly (readonly bigint[])[], count: number): bigint[] {
  const all = blobs.flatMap((coefficients) =>
    Array.from({ length: ELEMENTS_PER_BLOB }, (_, i) => coefficients[i] ?? 0n),
  );
  const beyond = all.findIndex((one, i) => i >= count && one !== 0n);
  if (beyond >= 0)
    throw new MalformedError(`element ${beyond} of the blobs`, "not 0", `0 behind the ${count} of a block`);
  return Array.from({ length: count }, (_, i) => all[i] ?? 0n);
}

function element(value: bigint, name: string, i: number): bigint {
  if (value < 0n || value >= BLOB_FIELD)
    throw new OutOfRangeError(`${name} ${i} of a blob`, value, "0 to BLOB_FIELD - 1");
  return value;
}
