import { expect } from "chai";
import fc from "fast-check";
import {
  dynamicScore,
  type Entry,
  EXPONENT_ONE,
  FIELD,
  MalformedError,
  MAX_STAKE_UNITS,
  OutOfRangeError,
  packSizeRule,
  plainScore,
  raceScore,
  score,
  sizeFactor,
  unpackSizeRule,
  type SizeRule,
  stakeScore,
} from "../../../src/protocol/index.ts";
import { expectNear } from "../../support/expectNear.ts";

const SEED = 332;
const CUBIC = 3 * EXPONENT_ONE;
const OPTIONS = {
  slotCount: 341,
  targetProvers: 100,
  minExponent: EXPONENT_ONE,
  maxExponent: 8 * EXPONENT_ONE,
  initialExponent: CUBIC,
};

const plain = plainScore();
const dynamic = dynamicScore(OPTIONS);
const stake = stakeScore({ stakeUnit: 10n });
const race = raceScore();

function entry(fields: Partial<Entry>): Entry {
  return { burnBid: 1n, provers: 0, txCount: 0, exponent: CUBIC, stakes: [], betas: [], ...fields };
}

const sign = (x: bigint): number => (x > 0n ? 1 : x < 0n ? -1 : 0);

function squareRoot(x: bigint): bigint {
  if (x < 2n) return x;
  let root = 1n << BigInt(Math.ceil(x.toString(2).length / 2));
  for (let next = (root + x / root) >> 1n; next < root; next = (root + x / root) >> 1n) root = next;
  return root;
}

/** Bids `[a, b]` below 2^64 of `n` and `m` provers whose scores come ever closer: the convergents of (n / m)^1.5. */
function nearTies(n: bigint, m: bigint): [bigint, bigint][] {
  const ties: [bigint, bigint][] = [];
  const precision = 400n;
  let [p, q] = [squareRoot(((n ** 3n) << (2n * precision)) / m ** 3n), 1n << precision];
  let [h0, h1, k0, k1] = [0n, 1n, 1n, 0n];
  while (q !== 0n) {
    [h0, h1, k0, k1] = [h1, (p / q) * h1 + h0, k1, (p / q) * k1 + k0];
    if (h1 >> 64n !== 0n || k1 >> 64n !== 0n) break;
    if (k1 !== 0n && h1 !== 0n) ties.push([k1, h1]);
    [p, q] = [q, p % q];
  }
  return ties;
}

describe("plain score", () => {
  it("is N^3 B^2 and breaks even between 51 and 49 provers at the bid 1.0618450433", () => {
    expect(plain.score(entry({ provers: 51, burnBid: 1_000n }))).to.equal(score(51, 1_000n));
    const majority = plain.score(entry({ provers: 51, burnBid: 10n ** 10n }));
    expect(plain.score(entry({ provers: 49, burnBid: 10_618_450_433n })) < majority).to.equal(true);
    expect(plain.score(entry({ provers: 49, burnBid: 10_618_450_434n })) > majority).to.equal(true);
  });
});

describe(`dynamic exponent (seed ${SEED})`, () => {
  it("breaks even at the same bid as N^3 B^2", () => {
    const majority = dynamic.score(entry({ provers: 51, burnBid: 10n ** 10n }));
    expect(dynamic.score(entry({ provers: 49, burnBid: 10_618_450_433n })) < majority).to.equal(true);
    expect(dynamic.score(entry({ provers: 49, burnBid: 10_618_450_434n })) > majority).to.equal(true);
  });

  it("never contradicts the integers at k = 3, however close, and ties only below the resolution", () => {
    let pairs = 0;
    let ties = 0;
    for (const [n, m] of [
      [51, 49],
      [2, 1],
      [7, 3],
      [100, 99],
      [341, 340],
      [65_535, 65_534],
      [65_535, 1],
      [2_048, 1_447],
    ] as const) {
      for (const [a, b] of nearTies(BigInt(n), BigInt(m))) {
        for (const bid of [b - 1n, b, b + 1n]) {
          const [x, y] = [entry({ provers: n, burnBid: a }), entry({ provers: m, burnBid: bid })];
          if (bid >> 64n !== 0n) continue;
          const [exactX, exactY] = [plain.score(x), plain.score(y)];
          const order = sign(dynamic.score(x) - dynamic.score(y));
          const difference = exactX > exactY ? exactX - exactY : exactY - exactX;
          if (difference << 80n > exactX) expect(order, `${n} ${a}, ${m} ${bid}`).to.equal(sign(exactX - exactY));
          else expect(order, `${n} ${a}, ${m} ${bid}`).to.be.oneOf([0, sign(exactX - exactY)]);
          pairs++;
          if (order === 0 && exactX !== exactY) ties++;
        }
      }
    }
    expect(pairs).to.be.above(600);
    // The rule for ties is reached, so the assertions above are not empty.
    expect(ties).to.be.above(10);
  });

  it("orders as N^k B^2 does for whole and half exponents", () => {
    const candidate = fc.record({
      provers: fc.integer({ min: 1, max: 65_535 }),
      burnBid: fc.bigInt(1n, 2n ** 64n - 1n),
    });
    fc.assert(
      fc.property(candidate, candidate, fc.integer({ min: 2, max: 16 }), (a, b, halves) => {
        const exponent = (halves * EXPONENT_ONE) / 2;
        const exact = ({ provers, burnBid }: typeof a): bigint => BigInt(provers) ** BigInt(halves) * burnBid ** 4n;
        const order = sign(dynamic.score(entry({ ...a, exponent })) - dynamic.score(entry({ ...b, exponent })));
        expect(order).to.equal(sign(exact(a) - exact(b)));
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  it("prefers bids to provers as the exponent falls", () => {
    const [many, rich] = [entry({ provers: 200, burnBid: 100n }), entry({ provers: 100, burnBid: 200n })];
    const lead = (exponent: number): number =>
      sign(dynamic.score({ ...many, exponent }) - dynamic.score({ ...rich, exponent }));
    expect([EXPONENT_ONE, 2 * EXPONENT_ONE - 1, 2 * EXPONENT_ONE + 1, CUBIC].map(lead)).to.deep.equal([-1, -1, 1, 1]);
  });

  it("doubles in 5.88 rounds without provers and halves in 5.19 with twice the target", () => {
    expectNear(roundsUntil(2, 0), 5.885, 0.01);
    expectNear(roundsUntil(0.5, 200), 5.191, 0.01);
    // Beyond twice the target it is no faster.
    expect(roundsUntil(0.5, 341)).to.equal(roundsUntil(0.5, 200));
  });

  it("comes to rest when provers answer to the exponent", () => {
    let exponent = CUBIC;
    let provers = 0;
    for (let round = 0; round < 100; round++) {
      provers = Math.round((25 * exponent) / EXPONENT_ONE);
      exponent = dynamic.nextExponent(exponent, provers);
    }
    expect(provers).to.be.within(99, 101);
    expectNear(exponent / EXPONENT_ONE, 4, 0.05);
  });

  it("stays within its bounds and leaves them again", () => {
    const run = (exponent: number, provers: number, rounds: number): number =>
      Array.from({ length: rounds }).reduce<number>((k) => dynamic.nextExponent(k, provers), exponent);
    expect(run(CUBIC, 0, 50)).to.equal(8 * EXPONENT_ONE);
    expect(run(CUBIC, 341, 50)).to.equal(EXPONENT_ONE);
    expect(run(EXPONENT_ONE, 99, 1)).to.be.above(EXPONENT_ONE);
    expect(run(8 * EXPONENT_ONE, 101, 1)).to.be.below(8 * EXPONENT_ONE);
  });

  it("refuses a target that no block can pass and exponents out of order", () => {
    expect(() => dynamicScore({ ...OPTIONS, targetProvers: 341 })).to.throw(
      OutOfRangeError,
      "targetProvers is 341, expected 1 to 340",
    );
    expect(() => dynamicScore({ ...OPTIONS, targetProvers: 0 })).to.throw(OutOfRangeError, "targetProvers");
    expect(() => dynamicScore({ ...OPTIONS, minExponent: EXPONENT_ONE - 1 })).to.throw(OutOfRangeError, "minExponent");
    expect(() => dynamicScore({ ...OPTIONS, maxExponent: 2 ** 16 })).to.throw(OutOfRangeError, "maxExponent");
    expect(() => dynamicScore({ ...OPTIONS, initialExponent: 9 * EXPONENT_ONE })).to.throw(
      OutOfRangeError,
      "initialExponent",
    );
  });
});

describe("stake score", () => {
  it("is W^3 B^2 of the whole units of all stakes together", () => {
    expect(stake.score(entry({ stakes: [15n, 15n], burnBid: 2n }))).to.equal(27n * 4n);
    expect(stake.score(entry({ stakes: [9n], burnBid: 2n }))).to.equal(0n);
    expect(stake.score(entry({ stakes: [2n ** 96n - 1n] }))).to.equal(MAX_STAKE_UNITS ** 3n);
  });

  it("gives keys that share a stake nothing", () => {
    expect(stake.score(entry({ stakes: [510n], provers: 1 }))).to.equal(
      stake.score(entry({ stakes: Array<bigint>(51).fill(10n), provers: 51 })),
    );
  });

  it("refuses a unit of 0", () => {
    expect(() => stakeScore({ stakeUnit: 0n })).to.throw(OutOfRangeError, "stakeUnit is 0");
  });
});

describe("race score", () => {
  it("is won by the fastest prover, whoever else takes part", () => {
    const slow = { stakes: [100n, 100n], betas: [1n, FIELD / 3n] };
    const fast = { stakes: [100n], betas: [FIELD / 2n] };
    expect(race.score(entry(fast)) > race.score(entry(slow))).to.equal(true);
    expect(race.score(entry({ stakes: [200n, 100n], betas: [FIELD / 2n, 1n] })) > race.score(entry(fast))).to.equal(
      true,
    );
  });

  it("leaves out provers without a beta", () => {
    expect(race.score(entry({ stakes: [100n], betas: [0n] }))).to.equal(0n);
    const fast = { stakes: [100n], betas: [FIELD / 2n] };
    expect(race.score(entry({ stakes: [100n, 10n ** 9n], betas: [FIELD / 2n, 0n] }))).to.equal(race.score(entry(fast)));
    expect(() => race.score(entry({ stakes: [1n], betas: [] }))).to.throw(
      MalformedError,
      "count of betas is 0, expected 1",
    );
  });

  it("lets the bid decide between candidates of the same provers", () => {
    const provers = { stakes: [100n, 7n], betas: [FIELD / 5n, FIELD / 2n] };
    expect(
      race.score(entry({ ...provers, burnBid: 2n ** 64n - 1n })) >
        race.score(entry({ ...provers, burnBid: 2n ** 64n - 2n })),
    ).to.equal(true);
  });
});

describe("fraction", () => {
  it("means the same on every scale: half the bid has a quarter of the score", () => {
    const fields = { provers: 3, stakes: [30n, 10n, 10n], betas: [5n, FIELD / 2n, FIELD / 7n] };
    for (const policy of [plain, stake, dynamic, race]) {
      const [best, half] = [1_000_000n, 500_000n].map((burnBid) => policy.score(entry({ ...fields, burnBid }))) as [
        bigint,
        bigint,
      ];
      expect(policy.fraction(best, 10_000n)).to.equal(best);
      expect(half >= policy.fraction(best, 2_499n)).to.equal(true);
      expect(half >= policy.fraction(best, 2_501n)).to.equal(false);
      expect(policy.fraction(best, 0n)).to.equal(0n);
      expect(policy.fraction(0n, 5_000n)).to.equal(0n);
    }
  });
});

describe("size rule", () => {
  const rule: SizeRule = { arity: 4, transfersPerBase: 3, countsHeight: true, countsTransactions: false };

  it("counts the levels that the transactions need", () => {
    expect([0, 3, 4, 12, 13, 48, 49].map((txCount) => sizeFactor(rule, txCount))).to.deep.equal([
      1n,
      1n,
      2n,
      2n,
      3n,
      3n,
      4n,
    ]);
  });

  it("counts the bits of the transactions, alone or beside the height", () => {
    const counts = { ...rule, countsHeight: false, countsTransactions: true };
    expect([0, 1, 2, 3, 6, 7, 16_384].map((txCount) => sizeFactor(counts, txCount))).to.deep.equal([
      1n,
      2n,
      2n,
      3n,
      3n,
      4n,
      15n,
    ]);
    expect(sizeFactor({ ...rule, countsTransactions: true }, 49)).to.equal(4n * 6n);
    expect(
      sizeFactor({ arity: 2, transfersPerBase: 1, countsHeight: true, countsTransactions: true }, 2 ** 32 - 1),
    ).to.equal(462n);
    expect(sizeFactor(undefined, 1_000)).to.equal(1n);
  });

  it("multiplies every score", () => {
    const fields = { provers: 1, stakes: [10n], betas: [FIELD / 2n], burnBid: 1_000n };
    const sized = { sizeRule: rule };
    for (const [policy, unsized] of [
      [plainScore(sized), plain],
      [stakeScore({ ...sized, stakeUnit: 10n }), stake],
      [dynamicScore({ ...OPTIONS, ...sized }), dynamic],
      [raceScore(sized), race],
    ] as const) {
      expect(policy.score(entry({ ...fields, txCount: 3 }))).to.equal(unsized.score(entry(fields)));
      // Four levels are worth twice the bid.
      const [tall, rich] = [
        policy.score(entry({ ...fields, txCount: 49 })),
        unsized.score(entry({ ...fields, burnBid: 2_000n })),
      ];
      expect(tall).to.equal(rich);
    }
  });

  it("packs, and refuses what no tree has", () => {
    expect(packSizeRule(undefined)).to.equal(0n);
    for (const [countsHeight, countsTransactions] of [
      [false, true],
      [true, false],
    ] as const)
      for (const arity of [2, 4, 8, 16]) {
        const whole = { arity, transfersPerBase: 2 ** 32 - 1, countsHeight, countsTransactions };
        expect(unpackSizeRule(packSizeRule(whole))).to.deep.equal(whole);
      }
    expect(unpackSizeRule(0n)).to.equal(undefined);
    expect(packSizeRule({ ...rule, countsTransactions: true })).to.equal((3n << 40n) | (3n << 8n) | 2n);
    expect(() => packSizeRule({ ...rule, arity: 3 })).to.throw(OutOfRangeError, "arity is 3");
    expect(() => packSizeRule({ ...rule, transfersPerBase: 0 })).to.throw(OutOfRangeError, "transfersPerBase");
    expect(() => sizeFactor(rule, 2 ** 32)).to.throw(OutOfRangeError, "txCount");
  });
});

/** Rounds until the exponent has changed by a factor, with the last one counted in part. */
function roundsUntil(factor: number, provers: number): number {
  const start = CUBIC;
  const far = (exponent: number): number => Math.log(exponent / start) / Math.log(factor);
  let exponent = start;
  for (let rounds = 0; ; rounds++) {
    const next = dynamic.nextExponent(exponent, provers);
    if (far(next) >= 1) return rounds + (1 - far(exponent)) / (far(next) - far(exponent));
    exponent = next;
  }
}
