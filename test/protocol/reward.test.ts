import { expect } from "chai";
import fc from "fast-check";
import {
  blockReward,
  emptyFlags,
  fulfilment,
  OutOfRangeError,
  packFlags,
  packNodeWeights,
  score,
  slotReward,
  splitReward,
  uncleReward,
} from "../../src/protocol/index.ts";

const SEED = 152;

describe("score", () => {
  it("breaks even at the known bid of 51 against 49 provers", () => {
    // (51 / 49)^1.5 = 1.06184...
    expect(score(49, 1_061n) < score(51, 1_000n)).to.equal(true);
    expect(score(49, 1_062n) > score(51, 1_000n)).to.equal(true);
  });

  it("is 0 without provers and below 2^176 at most", () => {
    expect(score(0, 10n ** 9n)).to.equal(0n);
    expect(score(65_535, 2n ** 64n - 1n) < 2n ** 176n).to.equal(true);
    expect(() => score(65_536, 1n)).to.throw(OutOfRangeError, "provers");
    expect(() => score(1, 2n ** 64n)).to.throw(OutOfRangeError, "burnBid");
  });
});

describe("blockReward", () => {
  it("halves after every interval and ends at 0", () => {
    const schedule = { initialReward: 1000n, halvingInterval: 10n };
    expect([1, 10, 11, 20, 21, 101].map((height) => blockReward(schedule, height))).to.deep.equal([
      1000n,
      1000n,
      500n,
      500n,
      250n,
      0n,
    ]);
    expect(blockReward({ initialReward: 2n ** 95n, halvingInterval: 1n }, 2 ** 32 - 1)).to.equal(0n);
    expect(() => blockReward(schedule, 0)).to.throw(OutOfRangeError, "height is 0");
  });
});

describe("fulfilment", () => {
  const forest = { arity: 2, levels: 2 };
  const weights = packNodeWeights([100, 10, 1]);
  const transcript = [1, 2, 0, 1, 3, 3, 0];

  it("counts provers once and slots by weight", () => {
    const all = packFlags(7, { voted: () => true, delivered: () => true });
    expect(fulfilment(forest, weights, transcript, all)).to.deep.equal({
      provers: 3,
      fulfilledWeight: 113n,
    });
    const some = packFlags(7, { voted: (slot) => slot !== 0, delivered: (slot) => slot !== 1 });
    expect(fulfilment(forest, weights, transcript, some)).to.deep.equal({
      provers: 2,
      fulfilledWeight: 3n,
    });
    expect(fulfilment(forest, weights, transcript, emptyFlags(7))).to.deep.equal({
      provers: 0,
      fulfilledWeight: 0n,
    });
  });

  it("ignores flags of unassigned slots", () => {
    const unassigned = packFlags(7, { voted: (slot) => slot === 2, delivered: (slot) => slot === 2 });
    expect(fulfilment(forest, weights, transcript, unassigned).provers).to.equal(0);
  });
});

describe(`splitReward (seed ${SEED})`, () => {
  it("divides by hand-computed numbers", () => {
    const split = splitReward(1000n, 5_000, 3n, 4n);
    expect(split).to.deep.equal({ effective: 750n, proverUnit: 125n, proposer: 375n });
    const rounded = splitReward(1000n, 3_333, 7n, 7n);
    expect(rounded).to.deep.equal({ effective: 1000n, proverUnit: 47n, proposer: 671n });
    expect(slotReward(rounded, packNodeWeights([5, 2]), 1)).to.equal(94n);
  });

  it("pays nothing when nothing is fulfilled", () => {
    expect(splitReward(1000n, 5_000, 0n, 9n)).to.deep.equal({
      effective: 0n,
      proverUnit: 0n,
      proposer: 0n,
    });
  });

  it("never pays more than the reward and loses nothing to rounding", () => {
    const inputs = fc.record({
      reward: fc.bigInt(0n, 2n ** 96n),
      share: fc.integer({ min: 0, max: 10_000 }),
      total: fc.bigInt(1n, 2n ** 30n),
      missing: fc.bigInt(0n, 2n ** 30n),
    });
    fc.assert(
      fc.property(inputs, ({ reward, share, total, missing }) => {
        const fulfilledWeight = missing >= total ? 0n : total - missing;
        const { effective, proverUnit, proposer } = splitReward(reward, share, fulfilledWeight, total);
        expect(effective <= reward).to.equal(true);
        expect(proposer + proverUnit * fulfilledWeight).to.equal(effective);
        expect(proposer * 10_000n >= effective * BigInt(10_000 - share)).to.equal(true);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("refuses shares above the whole", () => {
    expect(() => splitReward(1n, 10_001, 1n, 1n)).to.throw(
      OutOfRangeError,
      "proverShareBps is 10001, expected 0 to 10000",
    );
  });
});

describe("uncleReward", () => {
  it("divides the uncles' part of the reward, rounded down", () => {
    expect(uncleReward(1000n, 3_000n, 2)).to.equal(150n);
    expect(uncleReward(1000n, 3_333n, 2)).to.equal(166n);
    expect(uncleReward(1000n, 3_000n, 0)).to.equal(0n);
  });
});
