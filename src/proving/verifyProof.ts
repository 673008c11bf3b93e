import { dataLength, getBytes } from "ethers";
import { curve } from "../protocol/curve.ts";
import { FIELD } from "../protocol/field.ts";
import { type CurvePoint, decodeG1, decodeG2, decodePoints } from "../protocol/points.ts";
import type { EncodedVerifyingKey } from "./keys/verifyingKey.ts";

const { G1, G2, Gt } = curve;

const COMMON_BYTES = 320;
const DELTA_BYTES = 128;
const G1_BYTES = 64;

/** A verifying key whose points are decoded. */
export interface ProofVerifier {
  /**
   * Whether a proof, 256 bytes as hexadecimal, is valid for these public inputs. Malformed proofs and inputs give
   * false, never an error. Takes some milliseconds.
   */
  verify(publicInputs: readonly bigint[], proof: string): boolean;
}

/** Verifies proofs one at a time, by the keys that the contracts have. @throws {RangeError} for what is no key */
export function proofVerifier({ common, circuit }: EncodedVerifyingKey): ProofVerifier {
  if (dataLength(common) !== COMMON_BYTES) throw new RangeError(`common key of ${dataLength(common)} bytes`);
  const points = dataLength(circuit) - DELTA_BYTES;
  if (points < G1_BYTES || points % G1_BYTES !== 0)
    throw new RangeError(`circuit's key of ${dataLength(circuit)} bytes`);
  const [commonBytes, circuitBytes] = [getBytes(common), getBytes(circuit)];
  const alpha = keyPoint(decodeG1(commonBytes));
  const [beta, gamma] = [64, 192].map((start) => prepareG2(keyPoint(decodeG2(commonBytes.subarray(start)))));
  const delta = prepareG2(keyPoint(decodeG2(circuitBytes)));
  const ic = Array.from({ length: points / G1_BYTES }, (_, i) =>
    keyPoint(decodeG1(circuitBytes.subarray(DELTA_BYTES + i * G1_BYTES))),
  );
  const ofKey = miller(G1.neg(alpha), beta);
  return {
    verify(publicInputs, proof) {
      if (publicInputs.length !== ic.length - 1 || publicInputs.some((input) => input < 0n || input >= FIELD))
        return false;
      const points = decodePoints(proof);
      if (points === undefined) return false;
      const { a, b, c } = points;
      const l = publicInputs.reduce(
        (sum, input, i) => G1.add(sum, G1.timesScalar(ic[i + 1]!, input)),
        G1.toJacobian(ic[0]!),
      );
      const product = [miller(a, prepareG2(b)), ofKey, miller(G1.neg(l), gamma), miller(G1.neg(c), delta)].reduce(
        (left, right) => Gt.mul(left, right),
      );
      return Gt.eq(curve.finalExponentiation(product), Gt.one);
    },
  };
}

/** Of a point of G2, what pairings need of it; undefined for infinity. */
type PreparedG2 = Uint8Array | undefined;

const prepareG2 = (point: CurvePoint): PreparedG2 =>
  G2.isZero(point) ? undefined : curve.prepareG2(G2.toJacobian(point));

/** A pairing but for the final exponentiation, which is one for a product of many. */
const miller = (point: Uint8Array, prepared: PreparedG2): Uint8Array =>
  prepared === undefined || G1.isZero(point)
    ? Gt.one
    : curve.millerLoop(curve.prepareG1(G1.toJacobian(point)), prepared);

function keyPoint(point: CurvePoint | undefined): CurvePoint {
  if (point === undefined) throw new RangeError("a point of the verifying key is none of its group");
  return point;
}
