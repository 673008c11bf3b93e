import { dynamicScore, EXPONENT_ONE } from "../protocol/policies/index.ts";
import * as closed from "./closedForms.ts";
import { drift } from "./fast/drift.ts";
import { mean } from "./statistics.ts";
import type { Value } from "./scenario.ts";
import { scenarioOf } from "./scenarios/index.ts";
import { Stream, Streams } from "./stream.ts";

/** A closed form, and the simulation that has to come to it. */
export interface Oracle {
  readonly name: string;
  readonly expected: number;
  readonly simulate: () => number;
  /** Relative, unless it says otherwise. */
  readonly tolerance: number;
  readonly isAbsolute?: true;
}

export interface Verdict {
  readonly name: string;
  readonly expected: number;
  readonly simulated: number;
  readonly error: number;
  readonly tolerance: number;
  readonly holds: boolean;
}

export function verify(oracles: readonly Oracle[] = ORACLES): Verdict[] {
  return oracles.map(({ name, expected, simulate, tolerance, isAbsolute }) => {
    const simulated = simulate();
    const error = Math.abs(simulated - expected) / (isAbsolute ? 1 : Math.abs(expected));
    return { name, expected, simulated, error, tolerance, holds: error <= tolerance };
  });
}

const SEED = "oracles";

/** A holder of 30 % for whose block everybody votes, without rewards to speak of. */
const HIRED = { holder: "hires", share: 0.3, both: 1, reward: 1e-9 };

/** The mean of a scenario's metric over its runs. */
function metricOf(scenario: string, metric: string, sets: Readonly<Record<string, Value>>, runs = 1): number {
  const { parameters, simulate } = scenarioOf(scenario);
  const base = Object.fromEntries(Object.entries(parameters).map(([name, { base }]) => [name, base]));
  const values: number[] = [];
  for (let run = 0; run < runs; run++)
    for (const observation of simulate({ ...base, ...sets }, new Streams(SEED, scenario, run)))
      values.push(observation[metric] as number);
  return mean(values);
}

/** The share of the stake in the end, without luck. */
function driftOf(unclePay: number, share: number, rounds: number, reward: number): number {
  const options = { provers: 100, held: Math.round(100 * share), reward, unclePay, valueNoise: 0, cost: 0, rounds };
  const streams = { values: new Stream(`${SEED}/values`), race: new Stream(`${SEED}/race`) };
  const [last] = drift({ ...options, mechanism: "perBlock", reaction: "reinvest" }, streams, [rounds]);
  return last!.share;
}

/** Mean and variance of a race's share, and its share of wins, over many urns. */
function urns(
  share: number,
  reward: number,
  rounds: number,
  count: number,
): { mean: number; variance: number; wins: number } {
  const options = { provers: 10, held: Math.round(10 * share), reward, unclePay: 0, valueNoise: 0, cost: 0, rounds };
  const shares: number[] = [];
  const wins: number[] = [];
  for (let urn = 0; urn < count; urn++) {
    const streams = { values: new Stream(`${SEED}/values`), race: new Stream(`${SEED}/race/${urn}`) };
    const [first, last] = drift({ ...options, mechanism: "race", reaction: "reinvest" }, streams, [1, rounds]);
    shares.push(last!.share);
    wins.push(first!.wins);
  }
  const average = mean(shares);
  return { mean: average, variance: mean(shares.map((value) => (value - average) ** 2)), wins: mean(wins) };
}

/** Blocks until an exponent of the deployed policy has doubled or halved, with nobody or with all too many. */
function exponentBlocks(behaviour: "up" | "down"): number {
  const { nextExponent } = dynamicScore({
    ...{ slotCount: 1_001, targetProvers: 500, initialExponent: 16_384, minExponent: EXPONENT_ONE },
    maxExponent: 2 ** 16 - 1,
  });
  const start = 16_384;
  let [exponent, blocks] = [start, 0];
  for (;;) {
    const next = nextExponent(exponent, behaviour === "up" ? 0 : 1_000);
    const goal = behaviour === "up" ? 2 * start : start / 2;
    const passes = behaviour === "up" ? next >= goal : next <= goal;
    // Within the last step a straight line of logarithms.
    if (passes) return blocks + Math.log(goal / exponent) / Math.log(next / exponent);
    [exponent, blocks] = [next, blocks + 1];
  }
}

/** Wins of a coalition's summed uniform weights. */
function summedWeights(provers: number, share: number, rounds: number): number {
  const stream = new Stream(`${SEED}/weights`);
  const many = Math.round(provers * share);
  let wins = 0;
  for (let round = 0; round < rounds; round++) {
    let difference = 0;
    for (let prover = 0; prover < provers; prover++) difference += prover < many ? stream.coarse() : -stream.coarse();
    wins += Number(difference > 0);
  }
  return wins / rounds;
}

/** The cheapest mix by trying whole numbers of provers. */
function cheapestProvers(score: number, c: number): number {
  let [best, least] = [0, Infinity];
  for (let provers = 1; provers <= 10_000; provers++) {
    const cost = c * provers + Math.sqrt(score / provers ** 3);
    if (cost < least) [best, least] = [provers, cost];
  }
  return best;
}

export const ORACLES: readonly Oracle[] = [
  {
    name: "bid that 49 provers need against 51",
    expected: 1.0618450433,
    simulate: () => metricOf("score-surface", "bid", {}),
    tolerance: 1e-8,
  },
  {
    name: "bid that 10 provers need against 90",
    expected: closed.breakEvenBid(90, 10),
    simulate: () => metricOf("score-surface", "bid", { share: 0.9 }),
    tolerance: 1e-8,
  },
  {
    name: "rent of a holder of 51 %",
    expected: closed.majorityRent(0.51),
    simulate: () => metricOf("score-surface", "rent", {}),
    tolerance: 1e-7,
  },
  {
    name: "cheapest mix: provers",
    expected: closed.cheapestMix(1e9, 0.5).provers,
    simulate: () => cheapestProvers(1e9, 0.5),
    tolerance: 0.01,
  },
  {
    name: "cheapest mix: 60 % of the spending is for provers",
    expected: 0.6,
    simulate: () => {
      const provers = cheapestProvers(1e9, 0.5);
      return (0.5 * provers) / (0.5 * provers + Math.sqrt(1e9 / provers ** 3));
    },
    tolerance: 0.01,
  },
  {
    name: "majority's stake in the end, uncles paid a tenth of a win",
    expected: closed.driftLimit(0.1),
    simulate: () => driftOf(0.1, 0.51, 200_000, 0.01),
    tolerance: 1e-3,
  },
  {
    name: "majority's stake in the end, uncles paid half of a win",
    expected: closed.driftLimit(0.5),
    simulate: () => driftOf(0.5, 0.51, 200_000, 0.01),
    tolerance: 1e-3,
  },
  {
    name: "no drift where uncles earn 1 / s - 1 of a win",
    expected: 0.51,
    simulate: () => driftOf(closed.neutralUnclePay(0.51), 0.51, 10_000, 1e-3),
    tolerance: 1e-9,
  },
  {
    name: "race: part of the blocks is part of the stake",
    expected: 0.3,
    simulate: () => urns(0.3, 0.05, 2, 100_000).wins,
    tolerance: 0.005,
    isAbsolute: true,
  },
  {
    name: "race restaked: the mean stays",
    expected: 0.3,
    simulate: () => urns(0.3, 0.1, 400, 4_000).mean,
    tolerance: 0.01,
    isAbsolute: true,
  },
  {
    name: "race restaked: variance of a Polya urn",
    expected: closed.polyaVariance(0.3, 0.1) * (1 - 1 / 40),
    simulate: () => urns(0.3, 0.1, 400, 4_000).variance,
    tolerance: 0.08,
  },
  {
    name: "summed weights of 100 provers: wins of 51 %",
    expected: 0.635,
    simulate: () => summedWeights(100, 0.51, 40_000),
    tolerance: 0.01,
    isAbsolute: true,
  },
  {
    name: "summed weights of 1,000 provers: wins of 51 %",
    expected: 0.86,
    simulate: () => summedWeights(1_000, 0.51, 10_000),
    tolerance: 0.012,
    isAbsolute: true,
  },
  {
    name: "votes of all for one side: wins where bids differ by a fifth",
    expected: closed.normalCdf(Math.log(closed.breakEvenBid(1, 0.7)) / (0.2 * Math.SQRT2)),
    simulate: () => metricOf("several-votes", "wins", { ...HIRED, mechanism: "perBlock" }, 8),
    tolerance: 0.004,
    isAbsolute: true,
  },
  {
    name: "the same in a race where bids hardly differ: own provers win, of shared ones half",
    expected: 0.3 + 0.7 / 2,
    simulate: () => metricOf("several-votes", "wins", { ...HIRED, mechanism: "race", valueNoise: 1e-6 }, 8),
    tolerance: 0.006,
    isAbsolute: true,
  },
  { name: "exponent: rounds to double", expected: 5.88, simulate: () => exponentBlocks("up"), tolerance: 0.002 },
  { name: "exponent: rounds to halve", expected: 5.19, simulate: () => exponentBlocks("down"), tolerance: 0.002 },
  ...[12, 30, 60].map((window): Oracle => ({
    name: `an L1 block in a window of ${window} s, a fifth of them missed`,
    expected: closed.inclusionProbability(window - 5, 0.2),
    simulate: () => metricOf("windows", "commits", { proposalWindow: window, missRate: 0.2 }, 40),
    tolerance: 0.01,
    isAbsolute: true,
  })),
  ...[2, 5, 10].map((bidders): Oracle => ({
    name: `first-price auction of ${bidders}: revenue`,
    expected: closed.firstPriceRevenue(bidders),
    simulate: () => metricOf("bidding", "revenue", { style: "sealed", bidders }, 20_000),
    tolerance: 0.01,
  })),
  {
    name: "2,048 leaves that fail with 0.1 %: complete",
    expected: 0.129,
    simulate: () => metricOf("redundancy", "complete", {}, 50),
    tolerance: 0.008,
    isAbsolute: true,
  },
  {
    name: "the same with one backup each",
    expected: 0.998,
    simulate: () => metricOf("redundancy", "complete", { copies: 2 }, 50),
    tolerance: 0.001,
    isAbsolute: true,
  },
  {
    name: "uncles that come for a pool of 10 tokens at a cost of 2",
    expected: closed.uncleEntrants(10, 2),
    simulate: () => metricOf("uncles", "entrants", { rule: "proposal", maxUncles: 15, entryCost: 2 }),
    tolerance: 0,
  },
];
