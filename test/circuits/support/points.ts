import { babyjubjub } from "@noble/curves/misc.js";
import { isOnCurve, type Point, SUBGROUP_ORDER } from "../../../src/protocol/index.ts";

const Curve = babyjubjub.Point;

/** Sum of two points of the curve. */
export function add(a: Point, b: Point): Point {
  return Curve.fromAffine(a).add(Curve.fromAffine(b)).toAffine();
}

/** k P for any k, also beyond the subgroup's order. */
export function multiply(point: Point, k: bigint): Point {
  let sum = Curve.ZERO;
  let power = Curve.fromAffine(point);
  for (let left = k; left > 0n; left >>= 1n, power = power.double()) if (left & 1n) sum = sum.add(power);
  return sum.toAffine();
}

/** The same point in Montgomery coordinates, u and v. Not for points of order 1 and 2. */
export function montgomery({ x, y }: Point): [bigint, bigint] {
  const { Fp } = Curve;
  const u = Fp.div(Fp.add(1n, y), Fp.sub(1n, y));
  return [u, Fp.div(u, x)];
}

/** The generator of the whole curve, of order 8 l. */
const GENERATOR: Point = {
  x: 995203441582195749578291179787384436505546430278305826713579947235728471134n,
  y: 5472060717959818805561601436314318772137091100104008585924551046643952123905n,
};

const orderEight = multiply(GENERATOR, SUBGROUP_ORDER);

/** Points of order 1, 2, 4 and 8. */
export const LOW_ORDER: readonly { readonly order: number; readonly point: Point }[] = [1, 2, 4, 8].map((order) => ({
  order,
  point: multiply(orderEight, BigInt(8 / order)),
}));

/** A point that is not on the curve. */
export const OFF_CURVE: Point = { x: 1n, y: 1n };

if (isOnCurve(OFF_CURVE) || !LOW_ORDER.every(({ point }) => isOnCurve(point))) throw new Error("test points are wrong");
