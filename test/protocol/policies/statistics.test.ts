import { expect } from "chai";
import { type Entry, plainScore, raceScore } from "../../../src/protocol/index.ts";
import { Uniform } from "../../support/uniform.ts";
import { expectNear } from "../../support/expectNear.ts";

const SEED = 333;
const race = raceScore();

interface Candidate {
  readonly stakes: readonly bigint[];
  readonly burnBid?: bigint;
  /** How many keys a prover may choose from after it has seen their betas. */
  readonly grinds?: number;
}

/** How often each candidate wins. */
function raceWins(candidates: readonly Candidate[], rounds: number): number[] {
  const uniform = new Uniform(SEED);
  const wins = candidates.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    const scores = candidates.map(({ stakes, burnBid = 1n, grinds = 1 }) => {
      const betas = stakes.map(() =>
        Array.from({ length: grinds }, () => uniform.beta()).reduce((a, b) => (a > b ? a : b)),
      );
      const entry: Entry = { burnBid, provers: stakes.length, txCount: 0, exponent: 0, stakes, betas };
      return race.score(entry);
    });
    wins[scores.reduce((best, score, i) => (score > scores[best]! ? i : best), 0)]!++;
  }
  return wins.map((count) => count / rounds);
}

/** Four standard deviations of a share that is measured in so many rounds. */
const tolerance = (share: number, rounds: number): number => 4 * Math.sqrt((share * (1 - share)) / rounds);

function expectShares(measured: readonly number[], expected: readonly number[], rounds: number): void {
  expected.forEach((share, i) => expectNear(measured[i]!, share, tolerance(share, rounds), `candidate ${i}`));
}

describe(`race (seed ${SEED})`, () => {
  it("is won by each candidate in proportion to the stake of its provers", () => {
    expectShares(raceWins([{ stakes: [51n] }, { stakes: [49n] }], 10_000), [0.51, 0.49], 10_000);
    expectShares(
      raceWins([{ stakes: [5n, 1n, 4n] }, { stakes: [20n] }, { stakes: [30n, 30n, 10n] }], 8_000),
      [0.1, 0.2, 0.7],
      8_000,
    );
  });

  it("is as fair at 1,000 provers", () => {
    const share = (provers: number): Candidate => ({ stakes: Array<bigint>(provers).fill(10n ** 18n) });
    // Four standard deviations below the 86 % of summed weights.
    expectShares(raceWins([share(510), share(490)], 300), [0.51, 0.49], 300);
  });

  it("gives nothing for splitting a stake", () => {
    const split = { stakes: Array<bigint>(30).fill(1n) };
    expectShares(raceWins([split, { stakes: [70n] }], 3_000), [0.3, 0.7], 3_000);
  });

  it("gives m keys for one stake the share m s / (m s + s')", () => {
    expectShares(raceWins([{ stakes: [10n], grinds: 3 }, { stakes: [30n] }], 6_000), [0.5, 0.5], 6_000);
  });

  it("weighs the stake with the square of the bid", () => {
    expectShares(
      raceWins(
        [
          { stakes: [10n], burnBid: 3n },
          { stakes: [10n], burnBid: 1n },
        ],
        6_000,
      ),
      [0.9, 0.1],
      6_000,
    );
  });
});

describe(`what the race cures (seed ${SEED})`, () => {
  it("a bare majority always wins by count", () => {
    const plain = plainScore();
    const score = (provers: number): bigint =>
      plain.score({ burnBid: 1n, provers, txCount: 0, exponent: 0, stakes: [], betas: [] });
    expect(score(51) > score(49)).to.equal(true);
  });

  it("summed uniform weights leave 51 % of the provers 63.5 % of the blocks at 100 and 86 % at 1,000", () => {
    expectNear(summedWeightWins(51, 49, 10_000), 0.635, tolerance(0.635, 10_000));
    expectNear(summedWeightWins(510, 490, 4_000), 0.863, tolerance(0.863, 4_000));
  });
});

/** How often the first of two groups has the greater sum of uniform weights. */
function summedWeightWins(first: number, second: number, rounds: number): number {
  const uniform = new Uniform(SEED);
  let wins = 0;
  for (let round = 0; round < rounds; round++) {
    let lead = 0;
    for (let i = 0; i < first; i++) lead += uniform.unit();
    for (let i = 0; i < second; i++) lead -= uniform.unit();
    if (lead > 0) wins++;
  }
  return wins / rounds;
}
