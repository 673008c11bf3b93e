import { expect } from "chai";
import fc from "fast-check";
import {
  decodeFloat,
  decodeOperation,
  encodeFloat,
  encodeOperation,
  type Exit,
  FIELD,
  NotRepresentableError,
  type Operation,
  OutOfRangeError,
  packExit,
  packTerms,
  packTransfer,
  packVote,
  roundId,
  roundOf,
  type Terms,
  type Transfer,
  unpackExit,
  unpackTerms,
  unpackTransfer,
  type VoteTerms,
} from "../../src/protocol/index.ts";

const SEED = 52;
const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => unknown): void =>
  fc.assert(
    fc.property(arbitrary, (value) => void property(value)),
    { seed: SEED, numRuns: 300 },
  );

const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(fields, { noNullPrototype: true });
const uint = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
const float = (bits: number): fc.Arbitrary<bigint> =>
  fc
    .tuple(fc.bigInt(0n, 2n ** BigInt(bits) - 1n), fc.integer({ min: 0, max: 31 }))
    .map(([mantissa, exponent]) => mantissa * 10n ** BigInt(exponent));

describe(`packings (seed ${SEED})`, () => {
  it("rounds round-trip and count height above attempt", () => {
    check(record({ height: uint(32), attempt: uint(32) }), (round) =>
      expect(roundOf(roundId(round))).to.deep.equal(round),
    );
    expect(roundId({ height: 1, attempt: 2 })).to.equal(4294967298n);
    expect(() => roundId({ height: 1, attempt: 2 ** 32 })).to.throw(OutOfRangeError, "attempt");
    expect(() => roundOf(1n << 64n)).to.throw(OutOfRangeError, "roundId");
  });

  it("terms round-trip; no field overflows into its neighbour", () => {
    const terms = record({
      roundId: fc.bigInt(0n, 2n ** 64n - 1n),
      proverShareBps: uint(16),
      burnBid: fc.bigInt(0n, 2n ** 64n - 1n),
      parentRef: uint(24),
    });
    check(terms, (one) => expect(unpackTerms(packTerms(one))).to.deep.equal(one));
    const base: Terms = { roundId: 10n, proverShareBps: 4, burnBid: 9n, parentRef: 4 };
    const overflows: [Partial<Terms>, string][] = [
      [{ parentRef: 4 + 2 ** 24 }, "parentRef"],
      [{ burnBid: 9n + 2n ** 64n }, "burnBid"],
      [{ proverShareBps: 4 + 2 ** 16 }, "proverShareBps"],
      [{ roundId: 10n + 2n ** 64n }, "roundId"],
    ];
    for (const [change, field] of overflows)
      expect(() => packTerms({ ...base, ...change })).to.throw(OutOfRangeError, field);
    expect(() => unpackTerms(1n << 168n)).to.throw(OutOfRangeError, "terms");
  });

  it("votes of different terms have different packings; no field overflows", () => {
    const terms: fc.Arbitrary<VoteTerms> = record({
      proposalId: fc.constant(1n),
      depth: uint(8),
      index: uint(32),
      capacity: uint(16),
      minBurnBid: fc.bigInt(0n, 2n ** 64n - 1n),
    });
    check(fc.tuple(terms, terms), ([a, b]) => {
      const same = (["depth", "index", "capacity", "minBurnBid"] as const).every((field) => a[field] === b[field]);
      expect(packVote(a) === packVote(b)).to.equal(same);
    });
    const base: VoteTerms = { proposalId: 1n, depth: 1, index: 10, capacity: 9, minBurnBid: 4n };
    const overflows: [Partial<VoteTerms>, string][] = [
      [{ minBurnBid: 4n + 2n ** 64n }, "minBurnBid"],
      [{ capacity: 9 + 2 ** 16 }, "capacity"],
      [{ index: 10 + 2 ** 32 }, "index"],
      [{ depth: 256 }, "depth"],
    ];
    for (const [change, field] of overflows)
      expect(() => packVote({ ...base, ...change })).to.throw(OutOfRangeError, field);
  });

  it("transfers round-trip; no field overflows", () => {
    const transfer: fc.Arbitrary<Transfer> = record({
      from: fc.integer({ min: 1, max: 65_535 }),
      to: uint(16),
      amount: float(27),
      fee: float(11),
    });
    check(transfer, (one) => expect(unpackTransfer(packTransfer(one))).to.deep.equal(one));
    const base: Transfer = { from: 1, to: 2, amount: 3n, fee: 4n };
    expect(() => packTransfer({ ...base, from: 1 + 2 ** 16 })).to.throw(OutOfRangeError, "from");
    expect(() => packTransfer({ ...base, to: 2 + 2 ** 16 })).to.throw(OutOfRangeError, "to");
    expect(() => packTransfer({ ...base, amount: 2n ** 27n * 10n ** 31n })).to.throw(NotRepresentableError);
    expect(() => packTransfer({ ...base, fee: 2048n })).to.throw(
      NotRepresentableError,
      "2048 wei is not representable, expected at most 2047 times a power of ten",
    );
    expect(() => unpackTransfer(1n << 80n)).to.throw(OutOfRangeError, "packed transfer");
    expect(unpackTransfer(0n)).to.equal(undefined);
  });

  it("operations of every kind round-trip", () => {
    const index = fc.integer({ min: 1, max: 65_535 });
    const common = { amount: float(27), l1Owner: fc.bigInt(1n, 2n ** 160n - 1n) };
    const operation: fc.Arbitrary<Operation> = fc.oneof(
      record({ ...common, from: fc.constant(0), to: index, key: fc.bigInt(1n, FIELD - 1n) }),
      record({ ...common, from: index, to: fc.constantFrom(0, 1, 65_535), key: fc.constant(0n) }),
    );
    check(operation, (one) => expect(decodeOperation(encodeOperation(one))).to.deep.equal(one));
  });

  it("exits round-trip", () => {
    const exit: fc.Arbitrary<Exit> = record({ l1Owner: fc.bigInt(1n, 2n ** 160n - 1n), amount: float(27) });
    check(exit, (one) => expect(unpackExit(packExit(one))).to.deep.equal(one));
  });

  it("floats are exact or refused, and prefer the smallest exponent", () => {
    check(float(27), (value) => expect(decodeFloat(encodeFloat(value, 27), 27)).to.equal(value));
    check(fc.bigInt(0n, 2n ** 100n), (value) => {
      let mantissa = value;
      while (mantissa !== 0n && mantissa % 10n === 0n) mantissa /= 10n;
      if (mantissa >= 2n ** 27n) expect(() => encodeFloat(value, 27)).to.throw(NotRepresentableError);
      else expect(decodeFloat(encodeFloat(value, 27), 27)).to.equal(value);
    });
    expect(encodeFloat(100n, 27)).to.equal(100n << 5n);
    expect(decodeFloat((1n << 5n) | 31n, 27)).to.equal(10n ** 31n);
  });
});
