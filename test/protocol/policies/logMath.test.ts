import { expect } from "chai";
import fc from "fast-check";
import { preciseLn } from "../../../tools/preciseLn.ts";
import { FIELD, ln, minusLn, OutOfRangeError } from "../../../src/protocol/index.ts";

const SEED = 331;
const PRECISE_BITS = 192;

/** What `ln` falls short by, in units of 2^-192. */
function shortfall(x: bigint): bigint {
  return preciseLn(x, PRECISE_BITS) - (ln(x) << 96n);
}

describe(`ln (seed ${SEED})`, () => {
  it("agrees with the reference on known values", () => {
    // Two constants that anyone can look up, to 30 digits.
    expect((preciseLn(2n, 200) * 10n ** 30n) >> 200n).to.equal(693147180559945309417232121458n);
    expect((preciseLn(10n, 200) * 10n ** 30n) >> 200n).to.equal(2302585092994045684017991454684n);
    expect(ln(1n)).to.equal(0n);
  });

  it("falls short by less than 2^-85 for every kind of number below 2^81", () => {
    const bits = fc.integer({ min: 1, max: 81 });
    const number = bits.chain((n) => fc.bigInt(1n << BigInt(n - 1), (1n << BigInt(n)) - 1n));
    fc.assert(
      fc.property(number, (x) => {
        const short = shortfall(x);
        expect(short >= 0n && short < 1n << BigInt(PRECISE_BITS - 85), `ln ${x}`).to.equal(true);
      }),
      { seed: SEED, numRuns: 3_000 },
    );
  });

  it("falls short by less than 2^-79 for any number", () => {
    const number = fc
      .integer({ min: 81, max: 256 })
      .chain((n) => fc.bigInt(1n << BigInt(n - 1), (1n << BigInt(n)) - 1n));
    fc.assert(
      fc.property(number, (x) => {
        const short = shortfall(x);
        expect(short >= 0n && short < 1n << BigInt(PRECISE_BITS - 79), `ln ${x}`).to.equal(true);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  it("is within 1e-15 of the platform's for every prover count, and strictly increasing", () => {
    let last = -1n;
    for (let provers = 1; provers <= 65_536; provers++) {
      const value = ln(BigInt(provers));
      if (value <= last) expect.fail(`ln ${provers} is ${value}, not above ${last}`);
      if (Math.abs(Number(value) / 2 ** 96 - Math.log(provers)) > 1e-15 * Math.max(1, 4 * Math.log(provers)))
        expect.fail(`ln ${provers} is ${value}`);
      last = value;
    }
  });

  it("never falls", () => {
    const pair = fc.tuple(fc.bigInt(0n, 2n ** 256n - 2n), fc.integer({ min: 0, max: 255 }), fc.bigInt(0n, 2n ** 90n));
    fc.assert(
      fc.property(pair, ([wide, shift, step]) => {
        const x = (wide >> BigInt(shift)) + 1n;
        const y = x + step < 2n ** 256n ? x + step : x;
        expect(ln(x) <= ln(y)).to.equal(true);
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  it("refuses what has no logarithm", () => {
    expect(() => ln(0n)).to.throw(OutOfRangeError, "argument of ln is 0");
    expect(() => ln(2n ** 256n)).to.throw(OutOfRangeError, "argument of ln");
  });
});

describe(`minusLn (seed ${SEED})`, () => {
  it("exceeds -ln(beta / p) by less than 2^-79 and is never 0", () => {
    const lnField = preciseLn(FIELD, PRECISE_BITS);
    const beta = fc.oneof(
      fc.bigInt(1n, FIELD - 1n),
      fc.bigInt(1n, 2n ** 100n),
      fc.bigInt(FIELD - 2n ** 180n, FIELD - 1n),
    );
    fc.assert(
      fc.property(beta, (beta) => {
        const excess = (minusLn(beta) << 96n) - (lnField - preciseLn(beta, PRECISE_BITS));
        expect(minusLn(beta) > 0n && excess > 0n && excess < 1n << BigInt(PRECISE_BITS - 79)).to.equal(true);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  it("refuses 0, which stands for no output, and what is no field element", () => {
    expect(() => minusLn(0n)).to.throw(OutOfRangeError, "beta is 0");
    expect(() => minusLn(FIELD)).to.throw(OutOfRangeError, "beta");
  });
});
