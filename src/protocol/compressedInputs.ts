import { concat, keccak256 } from "ethers";
import { FIELD, TAG } from "./field.ts";
import { toHex32 } from "./hex.ts";
import { hashMany } from "./poseidon.ts";

/** The three public inputs of a proof about a vector that L1 knows. */
export interface CompressedInputs {
  /** The commitment C that is sent to L1. */
  readonly commitment: bigint;
  readonly x: bigint;
  readonly y: bigint;
}

/**
 * Compresses V: a fingerprint at a point that depends on V and on its Poseidon commitment.
 * @throws {OutOfRangeError} if a value is not canonical
 */
export function compressInputs(vector: readonly bigint[]): CompressedInputs {
  const commitment = hashMany(TAG.root, vector);
  const x = BigInt(keccak256(concat([commitment, ...vector].map(toHex32)))) % FIELD;
  const y = vector.reduceRight((sum, value) => (sum * x + value) % FIELD, 0n);
  return { commitment, x, y };
}
