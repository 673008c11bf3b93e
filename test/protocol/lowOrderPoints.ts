import { babyjubjub } from "@noble/curves/misc.js";
import { type Point, SUBGROUP_ORDER } from "../../src/protocol/index.ts";

/** A point of order 8 of Baby Jubjub, and with it all of low order: (x, y) with l * P for a P outside the subgroup. */
export function lowOrderPoints(): Point[] {
  const generator = babyjubjub.Point.fromAffine({
    x: 995203441582195749578291179787384436505546430278305826713579947235728471134n,
    y: 5472060717959818805561601436314318772137091100104008585924551046643952123905n,
  });
  const order8 = generator.multiplyUnsafe(SUBGROUP_ORDER - 1n).add(generator);
  const points = [order8];
  while (points.length < 8) points.push(points.at(-1)!.add(order8));
  return points.map((point) => point.toAffine());
}
