import { expect } from "chai";
import fc from "fast-check";
import {
  AMOUNT_MANTISSA_BITS,
  decodeFloat,
  encodeFloat,
  FEE_MANTISSA_BITS,
  nearestFloats,
  NotRepresentableError,
} from "../../src/protocol/float.ts";

describe("regression: encodeFloat", () => {
  // A transfer is encoded before its balance and signature are looked at. Dividing this number down would take hours.
  it("refuses an absurd amount at once", function () {
    this.timeout(20_000);
    expect(() => encodeFloat(10n ** 1_000_000n, AMOUNT_MANTISSA_BITS)).to.throw(NotRepresentableError);
  });

  it("still takes the largest amount", () => {
    const largest = (2n ** 27n - 1n) * 10n ** 31n;
    expect(decodeFloat(encodeFloat(largest, AMOUNT_MANTISSA_BITS), AMOUNT_MANTISSA_BITS)).to.equal(largest);
    expect(() => encodeFloat(largest * 10n, AMOUNT_MANTISSA_BITS)).to.throw(NotRepresentableError);
  });
});

describe("nearestFloats", () => {
  const isFloat = (value: bigint, bits: number): boolean => {
    try {
      return decodeFloat(encodeFloat(value, bits), bits) === value;
    } catch {
      return false;
    }
  };

  it("finds the neighbours of any number: both have an encoding, and nothing between them has", () => {
    const small = 4;
    const all = Array.from({ length: 16 }, (_, mantissa) =>
      [0, 1, 2, 3].map((exponent) => BigInt(mantissa) * 10n ** BigInt(exponent)),
    )
      .flat()
      .sort((a, b) => Number(a - b));
    for (let value = 0n; value <= 1_500n; value++) {
      const { below, above } = nearestFloats(value, small);
      expect(below, `below ${value}`).to.equal(all.findLast((float) => float <= value));
      expect(above, `above ${value}`).to.equal(all.find((float) => float >= value));
    }
  });

  it("gives what can be encoded, at every size", () => {
    for (const bits of [AMOUNT_MANTISSA_BITS, FEE_MANTISSA_BITS]) {
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: (2n ** BigInt(bits) - 1n) * 10n ** 31n }), (value) => {
          const { below, above } = nearestFloats(value, bits);
          return below <= value && value <= above! && isFloat(below, bits) && isFloat(above!, bits);
        }),
      );
    }
  });

  it("knows the ends", () => {
    const greatest = (2n ** 11n - 1n) * 10n ** 31n;
    expect(nearestFloats(greatest, FEE_MANTISSA_BITS)).to.deep.equal({ below: greatest, above: greatest });
    expect(nearestFloats(greatest + 1n, FEE_MANTISSA_BITS)).to.deep.equal({ below: greatest, above: undefined });
    expect(() => nearestFloats(-1n, FEE_MANTISSA_BITS)).to.throw(NotRepresentableError);
    // 2^11 = 2,048 is no mantissa: after 2,047 come tens.
    expect(nearestFloats(2_048n, FEE_MANTISSA_BITS)).to.deep.equal({ below: 2_047n, above: 2_050n });
  });
});
