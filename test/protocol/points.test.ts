import { expect } from "chai";
import { concat, getBytes, toBeHex, toBigInt } from "ethers";
import { curve } from "../../src/protocol/curve.ts";
import { BASE_FIELD, FIELD } from "../../src/protocol/field.ts";
import { decodeG1, decodeG2, decodePoints } from "../../src/protocol/points.ts";
import { Random } from "../../src/sim/random.ts";
import { encodeG1, encodeG2, g1, g2, outsideG2, randomScalar } from "../../src/sim/trapdoor.ts";

/** noble's curves are the oracle. */
describe("points of proofs", () => {
  const random = new Random("points");
  const word = (value: bigint): Uint8Array => getBytes(toBeHex(value, 32));
  const times = 8;

  it("are those of the two groups, infinity included", () => {
    for (const scalar of [0n, 1n, FIELD - 1n, ...Array.from({ length: times }, () => randomScalar(random))]) {
      const [a, b] = [getBytes(encodeG1(g1(scalar))), getBytes(encodeG2(g2(scalar)))];
      for (const [group, decode, bytes] of [
        [curve.G1, decodeG1, a],
        [curve.G2, decodeG2, b],
      ] as const) {
        const point = decode(bytes)!;
        expect(group.eq(point, group.toAffine(group.timesScalar(group.g, scalar))), `${scalar}`).to.equal(true);
        expect(group.isZero(point)).to.equal(scalar === 0n);
      }
      expect(decodePoints(concat([a, b, a])), `${scalar}`).to.deep.equal({
        ...{ a: decodeG1(a), b: decodeG2(b), c: decodeG1(a) },
      });
    }
  });

  it("are canonical: no coordinate is the modulus or more", () => {
    const [a, b] = [getBytes(encodeG1(g1(5n))), getBytes(encodeG2(g2(5n)))];
    for (const [decode, bytes] of [
      [decodeG1, a],
      [decodeG2, b],
    ] as const)
      for (let i = 0; i < bytes.length; i += 32) {
        const moved = Uint8Array.from(bytes);
        moved.set(word(toBigInt(bytes.slice(i, i + 32)) + BASE_FIELD), i);
        expect(decode(moved), `word ${i / 32}`).to.equal(undefined);
      }
    // Of infinity there is one form.
    expect(decodeG1(getBytes(concat([word(BASE_FIELD), word(0n)])))).to.equal(undefined);
  });

  it("are on their curves", () => {
    const [a, b] = [getBytes(encodeG1(g1(5n))), getBytes(encodeG2(g2(5n)))];
    for (const [decode, bytes] of [
      [decodeG1, a],
      [decodeG2, b],
    ] as const)
      for (let i = 31; i < bytes.length; i += 32) {
        const moved = Uint8Array.from(bytes);
        moved[i]! ^= 1;
        expect(decode(moved), `word ${(i - 31) / 32}`).to.equal(undefined);
      }
  });

  it("are in their groups, not only on the twist", () => {
    for (let i = 0; i < times; i++) {
      const outside = outsideG2(random);
      // Of the cofactor's order, alone and added to a point of the group.
      const small = outside.multiplyUnsafe(FIELD - 1n).add(outside);
      for (const point of [outside, small, small.negate(), small.add(g2(7n)), small.double()])
        expect(decodeG2(getBytes(encodeG2(point))), `try ${i}`).to.equal(undefined);
    }
  });

  it("are 256 bytes", () => {
    const proof = concat([encodeG1(g1(2n)), encodeG2(g2(3n)), encodeG1(g1(4n))]);
    expect(decodePoints(proof)).to.not.equal(undefined);
    for (const wrong of [proof.slice(0, -2), `${proof}00`, proof.slice(2), "0x", "", `0x${"g".repeat(512)}`])
      expect(decodePoints(wrong), wrong.slice(0, 10)).to.equal(undefined);
  });
});
