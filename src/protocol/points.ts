import { getBytes, isHexString, toBeHex } from "ethers";
import { curve } from "./curve.ts";
import { BASE_FIELD, FIELD } from "./field.ts";
import { PROOF_BYTES } from "./proof.ts";

const { G1, G2 } = curve;

/** A point of G1 or G2 as `curve` has it: affine, in Montgomery form, all zero for infinity. */
export type CurvePoint = Uint8Array;

/** The points of a Groth16 proof: A and C of G1, B of G2. */
export interface ProofPoints {
  readonly a: CurvePoint;
  readonly b: CurvePoint;
  readonly c: CurvePoint;
}

const WORD = 32;
const MODULUS = getBytes(toBeHex(BASE_FIELD, WORD));

/**
 * The points of an encoded proof, each of them maybe infinity.
 * @param proof 256 bytes as hexadecimal, in the order of the EVM's pairing precompile
 * @returns undefined unless all coordinates are canonical and all points are in their groups
 */
export function decodePoints(proof: string): ProofPoints | undefined {
  if (!isHexString(proof, PROOF_BYTES)) return undefined;
  const bytes = getBytes(proof);
  const a = decodeG1(bytes);
  const b = decodeG2(bytes.subarray(2 * WORD));
  const c = decodeG1(bytes.subarray(6 * WORD));
  return a && b && c && { a, b, c };
}

/** A point of G1 from the first 64 bytes: x, y. @returns undefined for what is none */
export function decodeG1(bytes: Uint8Array): CurvePoint | undefined {
  return decode(G1, bytes.subarray(0, 2 * WORD), () => true);
}

/** A point of G2 from the first 128 bytes: x and y, each with its imaginary part first. @returns as `decodeG1` */
export function decodeG2(bytes: Uint8Array): CurvePoint | undefined {
  // The twist has points outside the group, which pairings are not made for.
  return decode(G2, bytes.subarray(0, 4 * WORD), (point) => G2.isZero(G2.timesScalar(point, FIELD)));
}

function decode(
  group: typeof G1,
  bytes: Uint8Array,
  isInGroup: (point: CurvePoint) => boolean,
): CurvePoint | undefined {
  for (let i = 0; i < bytes.length; i += WORD)
    if (Buffer.compare(bytes.subarray(i, i + WORD), MODULUS) >= 0) return undefined;
  if (bytes.every((byte) => byte === 0)) return group.zeroAffine.slice();
  const point = group.fromRprUncompressed(bytes, 0);
  return group.isValid(point) && isInGroup(point) ? point : undefined;
}
