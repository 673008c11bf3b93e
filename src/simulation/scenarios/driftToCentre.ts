import { drift, type DriftMechanism, type DriftReaction } from "../fast/drift.ts";
import { between, PART, ROUNDS_OF_A_RUN, SPREAD } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";

const PROVERS = 100;
const ROUNDS = 10_000;
const LOOKS = [1, 250, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000];

const MECHANISMS: readonly DriftMechanism[] = ["perBlock", "fairPay", "race"];

const onlyFan = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(
    ({ place }) =>
      place["share"] === 0.51 &&
      place["reward"] === 1e-3 &&
      place["unclePay"] === 0.1 &&
      place["valueNoise"] === 0.2 &&
      place["reaction"] === "reinvest",
  );

const onlyWins = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(
    ({ place }) =>
      place["round"] === 250 &&
      place["reward"] === 1e-4 &&
      place["unclePay"] === 0.1 &&
      place["reaction"] === "reinvest",
  );

export const driftToCentre = defineScenario({
  number: 2,
  name: "drift",
  question: "Does a majority of the stake grow, and which remedy stops it?",
  proposal: '"A 51% attack", "Fair pay prover model", "Modification with a VRF"',
  agents:
    "A holder with some of 100 equal stakes, and everybody else; a block each a round, with values that differ " +
    "by luck and bids in proportion. Provers restake what they earn, or leave when it is less than they need.",
  expected:
    "By the score a majority wins nearly always and goes to 1 / (1 + u) of the stake, if uncles earn u of a win; " +
    "by fair pay nothing moves; under a race the share wanders and its mean stays.",
  parameters: {
    mechanism: { what: "how blocks win and provers are paid", base: "perBlock", sweep: MECHANISMS },
    reaction: { what: "what provers do with earnings", base: "reinvest", sweep: ["reinvest", "exit"] },
    share: {
      what: "of the stake that the holder has",
      base: 0.51,
      sweep: [0.3, 0.4, 0.45, 0.51, 0.55, 0.6, 0.7],
      range: PART,
    },
    unclePay: { what: "what an uncle's provers earn, in wins", base: 0.1, sweep: [0.1, 0.96], range: PART },
    valueNoise: {
      what: "deviation of the logarithm of a block's value",
      base: 0.02,
      sweep: [0.02, 0.2],
      range: SPREAD,
    },
    reward: {
      what: "of a round, in parts of all stakes at the start",
      base: 1e-4,
      sweep: [1e-4, 1e-3],
      range: between(1e-9, 1),
    },
    cost: { what: "of a prover and round, in parts of average pay, which makes it leave", base: 0.6, range: PART },
    rounds: { what: "of a run", base: ROUNDS, range: ROUNDS_OF_A_RUN },
  },
  dimensions: { round: "rounds played" },
  metrics: {
    stake: "share of the stake that the holder has then",
    wins: "share of rounds so far that it won",
    hhi: "Herfindahl index of stakes by holder",
    gini: "Gini coefficient of stakes by holder",
    nakamoto: "fewest holders with more than half",
  },
  runs: 40,
  // Ten times the reward for the fan alone.
  isSwept: ({ reward, reaction, share, unclePay, valueNoise }) =>
    reward !== 1e-3 || [reaction, share, unclePay, valueNoise].join() === "reinvest,0.51,0.1,0.2",
  isShown: ({ round, share, valueNoise, reaction, unclePay, reward }) =>
    round === 10_000 &&
    [0.4, 0.51, 0.6].includes(Number(share)) &&
    (valueNoise === 0.02 || reward === 1e-3) &&
    (reaction === "reinvest" || unclePay === 0.1),
  *simulate({ mechanism, reaction, share, rounds, ...rest }, streams) {
    const options = {
      ...{ ...rest, rounds, provers: PROVERS, held: Math.round(PROVERS * share) },
      ...{ mechanism: mechanism as DriftMechanism, reaction: reaction as DriftReaction },
    };
    const looks = [...LOOKS.filter((look) => look < rounds), rounds];
    for (const state of drift(options, { values: streams.of("values"), race: streams.of("race") }, looks)) {
      const { round, share: stake, wins, herfindahl: hhi, gini, nakamoto } = state;
      yield { round, stake, wins, hhi, gini, nakamoto };
    }
  },
  figures: [
    {
      name: "stake-fan",
      title: "Where does a stake of 51 % go if rewards are restaked?",
      data: (rows) => rowsOf("stake")(onlyFan(rows)),
      spec: {
        facet: { column: { field: "mechanism", type: "nominal", title: null, sort: [...MECHANISMS] } },
        spec: {
          width: 190,
          height: 220,
          layer: [
            { mark: { type: "area", opacity: 0.25 }, encoding: { y: { field: "q05" }, y2: { field: "q95" } } },
            { mark: { type: "area", opacity: 0.45 }, encoding: { y: { field: "q25" }, y2: { field: "q75" } } },
            { mark: { type: "line", color: "#000" }, encoding: { y: { field: "q50" } } },
          ].map(({ mark, encoding }) => ({
            mark,
            encoding: {
              x: { field: "round", type: "quantitative", title: "rounds", axis: { values: [0, 5_000, 10_000] } },
              y: {
                ...{ ...encoding.y, type: "quantitative", title: "share of the stake" },
                ...{ scale: { domain: [0, 1] }, axis: { format: ".0%" } },
              },
              ...("y2" in encoding && { y2: encoding.y2 }),
            },
          })),
        },
      },
    },
    {
      name: "win-share",
      title: "Which part of the blocks does a part of the stake win?",
      data: (rows) => rowsOf("wins")(onlyWins(rows)),
      spec: {
        facet: { column: { field: "valueNoise", type: "nominal", title: "spread of block values" } },
        spec: {
          width: 260,
          height: 260,
          mark: { type: "line", point: true },
          encoding: {
            x: {
              field: "share",
              type: "quantitative",
              title: "share of the stake",
              scale: { domain: [0.3, 0.7] },
              axis: { format: ".0%" },
            },
            y: {
              field: "value",
              type: "quantitative",
              title: "share of blocks won (first 250)",
              axis: { format: ".0%" },
            },
            color: { field: "mechanism", type: "nominal", sort: [...MECHANISMS], title: "mechanism" },
            strokeDash: { field: "mechanism", type: "nominal", sort: [...MECHANISMS], title: "mechanism" },
            shape: { field: "mechanism", type: "nominal", sort: [...MECHANISMS], title: "mechanism" },
          },
        },
      },
    },
  ],
});
