import { FAST, minStakeOf, type PresetName } from "../presets.ts";
import { between, PART, whole } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";

const SECONDS_OF_A_YEAR = 365.25 * 86_400;

const onlyFrontier = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(
    ({ place }) =>
      place["preset"] === "large" &&
      place["provingCost"] === 0.01 &&
      place["tokenYield"] === 0.1 &&
      place["orderValue"] === 0,
  );

export const sybilSplitting = defineScenario({
  number: 3,
  name: "sybil",
  question: "When does a proposer with provers of its own win against the network?",
  proposal: "Q1 on sybil attacks; Do economic incentives always lead to prover centralisation?; different values of N",
  agents:
    "A proposer that registers its own provers and shares nothing, against proposers who pay the network's provers a " +
    "share and bid all that is left. Orders are worth the same.",
  expected:
    "Once its stakes fill as many slots as the network does, it wins: it bids what the others pay to provers. " +
    "With fewer, its bid grows with the 1.5th power of what it lacks.",
  parameters: {
    preset: { what: "economics and forest", base: "large", sweep: ["small", "large"] },
    network: { what: "provers of others", base: 500, sweep: [7, 100, 500, 2_000], range: whole(1, 100_000) },
    stakes: {
      what: "of the proposer's own",
      base: 48,
      sweep: [3, 7, 48, 100, 250, 500, 1_000, 2_000],
      range: whole(1, 100_000),
    },
    share: {
      what: "of the reward that the others pay to provers",
      base: 0.5,
      sweep: [0.05, 0.2, 0.5, 0.8],
      range: PART,
    },
    orderValue: { what: "of an order beyond the reward, tokens", base: 0, sweep: [0, 100], range: between(0, 1e6) },
    provingCost: { what: "of one proof, tokens", base: 0.01, sweep: [0.001, 0.01], range: between(0, 1e3) },
    tokenYield: {
      what: "a year that a stake could earn elsewhere",
      base: 0.1,
      sweep: [0.02, 0.1],
      range: between(0, 10),
    },
    blockSeconds: { what: "between blocks", base: 600, range: between(1, 86_400) },
  },
  metrics: {
    bid: "that it has to burn, tokens",
    profit: "of a block, tokens, with the costs of proofs and stakes",
    capital: "staked, tokens",
    pays: "1 if it pays",
  },
  isSwept: ({ preset, stakes, network }) => preset === "large" || (stakes <= 7 && network <= 100),
  isShown: ({ preset, stakes, network, share, orderValue, provingCost, tokenYield }) =>
    [orderValue, provingCost, tokenYield].join() === "0,0.01,0.1" &&
    (preset === "small"
      ? network === 7
      : network === 500 && Number(stakes) >= 48 && [0.05, 0.5].includes(Number(share))),
  *simulate({ preset, network, stakes, share, orderValue, provingCost, tokenYield, blockSeconds }) {
    const name = preset as PresetName;
    const { slots, reward } = FAST[name];
    const minStake = minStakeOf(name);
    const [own, others] = [Math.min(stakes, slots), Math.min(network, slots)];
    const rival = (1 - share) * reward + orderValue;
    const bid = rival * (others / own) ** 1.5;
    const capital = own * minStake;
    const held = (capital * tokenYield * blockSeconds) / SECONDS_OF_A_YEAR;
    const profit = reward + orderValue - bid - slots * provingCost - held;
    yield { bid, profit, capital, pays: Number(profit > 0) };
  },
  figures: [
    {
      name: "sybil-frontier",
      title: "With how many stakes of its own does a proposer do without the network?",
      data: (rows) =>
        rowsOf("profit")(onlyFrontier(rows)).map((row) => ({
          ...row,
          pays: Number(row["value"]) > 0 ? "pays" : "loses",
        })),
      spec: {
        facet: { column: { field: "network", type: "ordinal", title: "provers of the network" } },
        spec: {
          width: 150,
          height: 150,
          encoding: {
            x: { field: "stakes", type: "ordinal", title: "own stakes" },
            y: {
              field: "share",
              type: "ordinal",
              sort: "descending",
              title: "share that the others pay",
              axis: { format: ".0%" },
            },
          },
          layer: [
            {
              mark: { type: "rect", stroke: "white" },
              encoding: {
                color: {
                  field: "pays",
                  type: "nominal",
                  title: "a block",
                  scale: { domain: ["loses", "pays"], range: ["#d9d9d9", "#08519c"] },
                },
              },
            },
            {
              transform: [{ filter: "datum.pays === 'pays'" }],
              mark: { type: "text", color: "white", fontSize: 9 },
              encoding: { text: { field: "value", type: "quantitative", format: ".0f" } },
            },
          ],
        },
      },
    },
  ],
});
