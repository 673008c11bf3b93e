import { expect } from "chai";
import { babyjubjub } from "@noble/curves/misc.js";
import { isSignature, isTorsionFree } from "../../src/protocol/babyJubjub.ts";
import { SUBGROUP_ORDER } from "../../src/protocol/field.ts";
import { Random } from "../../src/sim/random.ts";
import { lowOrderPoints } from "./lowOrderPoints.ts";

const Curve = babyjubjub.Point;
type CurvePoint = InstanceType<typeof Curve>;

/** noble's curve is the oracle. */
describe("sums of multiples on Baby Jubjub", () => {
  const random = new Random("baby jubjub");
  const scalar = (): bigint => random.below(SUBGROUP_ORDER);
  const small = lowOrderPoints().map((point) => Curve.fromAffine(point));
  const of = (times: bigint): CurvePoint => Curve.BASE.multiplyUnsafe(times);
  const EDGES = [0n, 1n, 2n, 15n, 16n, 1n << 250n, SUBGROUP_ORDER - 1n];

  it("know the prime subgroup", () => {
    for (const times of [...EDGES, ...Array.from({ length: 8 }, scalar)])
      for (const low of small) {
        const point = of(times).add(low);
        expect(isTorsionFree(point.toAffine()), `${times}`).to.equal(low.is0());
      }
  });

  it("are right for scalars at the edges, keys with a part of low order, and keys of low order alone", () => {
    const key8 = (key: CurvePoint): CurvePoint => key.double().double().double();
    const keys = [of(1n), of(SUBGROUP_ORDER - 1n), of(scalar()), of(scalar()).add(small[3]!), ...small];
    for (const key of keys)
      for (const challenge of [...EDGES, scalar()])
        for (const s of [0n, SUBGROUP_ORDER - 1n, scalar()]) {
          const r8 = of(s).add(key8(key).multiplyUnsafe(challenge).negate());
          const given = { key: key.toAffine(), challenge, s };
          const signature = (point: CurvePoint) => ({ r8: point.toAffine(), s });
          const isOfKey = !key8(key).is0();
          expect(isSignature(given.key, challenge, signature(r8)), JSON.stringify(given, String)).to.equal(isOfKey);
          // Nothing else is, not even what differs by a point of low order.
          for (const other of [r8.add(small[random.index(8)]!), r8.add(of(1n)), r8.negate()])
            if (!other.equals(r8)) expect(isSignature(given.key, challenge, signature(other))).to.equal(false);
        }
  });
});
