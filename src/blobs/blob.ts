import { FFT, rootsOfUnity } from "@noble/curves/abstract/fft.js";
import { Field } from "@noble/curves/abstract/modular.js";
import { assertBlobElement, BLOB_FIELD, ELEMENTS_PER_BLOB } from "../protocol/blobField.ts";
import { MalformedError } from "../protocol/errors.ts";

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
  const padded = Array.from({ length: ELEMENTS_PER_BLOB }, (_, i) =>
    assertBlobElement(coefficients[i] ?? 0n, `coefficient ${i} of a blob`),
  );
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
    assertBlobElement(
      BigInt(`0x${bytes.toString("hex", i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES)}`),
      `value ${i} of a blob`,
    ),
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
