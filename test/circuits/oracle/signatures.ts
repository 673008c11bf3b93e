import { babyjubjub } from "@noble/curves/misc.js";
import { FIELD, SUBGROUP_ORDER } from "../../../src/protocol/field.ts";
import { poseidon } from "../../../src/protocol/poseidon.ts";
import { tag } from "./encodings.ts";

const Curve = babyjubjub.Point;

export interface OraclePoint {
  readonly x: bigint;
  readonly y: bigint;
}

export interface OracleSignature {
  readonly r8: OraclePoint;
  readonly s: bigint;
}

/** `s B8`. */
export const pointOf = (secret: bigint): OraclePoint => Curve.BASE.multiply(secret).toAffine();

/** Sum of two points. */
export const plus = (a: OraclePoint, b: OraclePoint): OraclePoint =>
  Curve.fromAffine(a).add(Curve.fromAffine(b)).toAffine();

/** The negative of a point, whose secret is `l - s`: the other point with this y. */
export const minus = ({ x, y }: OraclePoint): OraclePoint => ({ x: (FIELD - x) % FIELD, y });

/** A prover's key: `Poseidon(TAG_KEY, Ax, Ay)`. */
export const keyOf = ({ x, y }: OraclePoint): bigint => poseidon([tag("key"), x, y]);

const challenge = (r8: OraclePoint, a: OraclePoint, message: bigint): bigint =>
  poseidon([r8.x, r8.y, a.x, a.y, message]);

/**
 * @param secret of the point, whatever part of low order that has
 * @param nonce any scalar from 1 to the subgroup's order - 1: tests have nothing to hide
 */
export function signed(secret: bigint, point: OraclePoint, message: bigint, nonce: bigint): OracleSignature {
  const r8 = pointOf(nonce);
  return { r8, s: (nonce + 8n * challenge(r8, point, message) * secret) % SUBGROUP_ORDER };
}

/** Whether `S B8 = R8 + 8 h A` with `S < S_BOUND`, A and R8 on the curve, and A no point of small order. */
export function isSigned(a: OraclePoint, message: bigint, { r8, s }: OracleSignature): boolean {
  if (!isOnCurve(a) || !isOnCurve(r8) || s < 0n || s >= SUBGROUP_ORDER - (SUBGROUP_ORDER % 2n ** 123n)) return false;
  const eightA = Curve.fromAffine(a).double().double().double();
  if (eightA.equals(Curve.ZERO)) return false;
  const hA = eightA.multiplyUnsafe(challenge(r8, a, message) % SUBGROUP_ORDER);
  return Curve.BASE.multiplyUnsafe(s).equals(Curve.fromAffine(r8).add(hA));
}

/** a x^2 + y^2 = 1 + d x^2 y^2 */
function isOnCurve({ x, y }: OraclePoint): boolean {
  const [xx, yy] = [(x * x) % FIELD, (y * y) % FIELD];
  return (168700n * xx + yy) % FIELD === (1n + 168696n * xx * yy) % FIELD;
}
