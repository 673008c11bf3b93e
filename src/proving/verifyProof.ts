import { bn254 } from "@noble/curves/bn254.js";
import { dataLength, dataSlice } from "ethers";
import { FIELD } from "../protocol/field.ts";
import { PROOF_BYTES } from "../protocol/proof.ts";
import type { EncodedVerifyingKey } from "./keys/verifyingKey.ts";

const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
const { Fp12 } = bn254.fields;

type G1Point = InstanceType<typeof G1>;
type G2Point = InstanceType<typeof G2>;

const COMMON_BYTES = 320;
const DELTA_BYTES = 128;
const G1_BYTES = 64;

/** A verifying key whose points are decoded. */
export interface ProofVerifier {
  /**
   * Whether a proof, 256 bytes as hexadecimal, is valid for these public inputs. Malformed proofs and inputs give
   * false, never an error. Takes tens of milliseconds.
   */
  verify(publicInputs: readonly bigint[], proof: string): boolean;
}

/** Verifies proofs one at a time, by the keys that the contracts have. */
export function proofVerifier({ common, circuit }: EncodedVerifyingKey): ProofVerifier {
  if (dataLength(common) !== COMMON_BYTES) throw new RangeError(`common key of ${dataLength(common)} bytes`);
  const alpha = decodeG1(dataSlice(common, 0, 64));
  const beta = decodeG2(dataSlice(common, 64, 192));
  const gamma = decodeG2(dataSlice(common, 192, 320));
  const delta = decodeG2(dataSlice(circuit, 0, DELTA_BYTES));
  const ic = Array.from({ length: (dataLength(circuit) - DELTA_BYTES) / G1_BYTES }, (_, i) =>
    decodeG1(dataSlice(circuit, DELTA_BYTES + i * G1_BYTES, DELTA_BYTES + (i + 1) * G1_BYTES)),
  );
  return {
    verify(publicInputs, proof) {
      if (publicInputs.length !== ic.length - 1 || publicInputs.some((input) => input < 0n || input >= FIELD))
        return false;
      const points = decodeProof(proof);
      if (points === undefined) return false;
      const { a, b, c } = points;
      const l = publicInputs.reduce((sum, input, i) => sum.add(multiply(ic[i + 1]!, input)), ic[0]!);
      const product = bn254.pairingBatch(
        [
          { g1: a, g2: b },
          { g1: alpha.negate(), g2: beta },
          { g1: l.negate(), g2: gamma },
          { g1: c.negate(), g2: delta },
        ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0()),
      );
      return Fp12.eql(product, Fp12.ONE);
    },
  };
}

const multiply = (point: G1Point, scalar: bigint): G1Point => (scalar === 0n ? G1.ZERO : point.multiplyUnsafe(scalar));

function decodeProof(proof: string): { a: G1Point; b: G2Point; c: G1Point } | undefined {
  if (!/^0x[0-9a-fA-F]*$/.test(proof) || proof.length !== 2 + 2 * PROOF_BYTES) return undefined;
  try {
    const a = decodeG1(dataSlice(proof, 0, 64));
    const b = decodeG2(dataSlice(proof, 64, 192));
    const c = decodeG1(dataSlice(proof, 192, 256));
    return b.isTorsionFree() ? { a, b, c } : undefined;
  } catch {
    return undefined; // noble throws for what is no point
  }
}

function decodeG1(encoded: string): G1Point {
  const [x, y] = words(encoded) as [bigint, bigint];
  const point = G1.fromAffine({ x, y });
  if (!point.is0()) point.assertValidity();
  return point;
}

function decodeG2(encoded: string): G2Point {
  const [x1, x0, y1, y0] = words(encoded) as [bigint, bigint, bigint, bigint];
  const point = G2.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } });
  if (!point.is0()) point.assertValidity();
  return point;
}

function words(encoded: string): bigint[] {
  return Array.from({ length: dataLength(encoded) / 32 }, (_, i) => {
    const word = BigInt(dataSlice(encoded, 32 * i, 32 * i + 32));
    if (word >= bn254.fields.Fp.ORDER) throw new RangeError("a coordinate is not canonical");
    return word;
  });
}
