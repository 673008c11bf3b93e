import { dynamicScore, EXPONENT_ONE } from "../../protocol/policies/index.ts";
import { breakEvenBid } from "../closedForms.ts";
import { between, whole } from "../range.ts";
import { defineScenario, rowsOf } from "../scenario.ts";

const UNIT = 10n ** 9n;

/** The least bid, in parts of the rival's, with which `few` provers beat `many`; by the deployed integer scores. */
function leastWinningBid(many: number, few: number, exponent: number): number {
  const policy = dynamicScore({
    ...{ slotCount: many + 1, targetProvers: many, initialExponent: EXPONENT_ONE },
    ...{ minExponent: EXPONENT_ONE, maxExponent: 2 ** 16 - 1 },
  });
  const scoreOf = (provers: number, burnBid: bigint): bigint =>
    policy.score({ provers, burnBid, txCount: 0, exponent: exponent * EXPONENT_ONE, stakes: [], betas: [] });
  const rival = scoreOf(many, UNIT);
  let [loses, wins] = [0n, 2n ** 62n];
  while (wins - loses > 1n) {
    const middle = (loses + wins) / 2n;
    if (scoreOf(few, middle) > rival) wins = middle;
    else loses = middle;
  }
  return Number(wins) / Number(UNIT);
}

/** The surface itself: the logarithm of N^3 B^2 on a grid. */
function surface(): { provers: number; bid: number; score: number }[] {
  const grid: { provers: number; bid: number; score: number }[] = [];
  for (let provers = 4; provers <= 100; provers += 4)
    for (let bid = 2; bid <= 50; bid += 2) grid.push({ provers, bid, score: Math.log10(provers ** 3 * bid ** 2) });
  return grid;
}

export const scoreSurface = defineScenario({
  number: 1,
  name: "score-surface",
  question: "How much more has a minority to bid?",
  proposal: 'Phase 3, "needs modelling" of SCORE; the example of 51 against 49 provers',
  agents: "Two proposers with equal orders; each prover works for one of them.",
  expected: "(51/49)^1.5 = 1.0618450433 at 51 %; steep for small minorities, and steeper with larger exponents.",
  parameters: {
    share: {
      what: "of 100 provers that the majority has",
      base: 0.51,
      sweep: [0.51, 0.55, 0.6, 0.67, 0.75, 0.9],
      range: between(0.5, 0.99),
    },
    exponent: { what: "of the provers in the score", base: 3, sweep: [1, 2, 3, 4, 6, 8], range: whole(1, 8) },
  },
  metrics: {
    bid: "least winning bid of the minority, in bids of the majority",
    theory: "the same by (many / few)^(exponent / 2)",
    rent: "part of an equal block's value that the majority keeps",
  },
  *simulate({ share, exponent }) {
    const many = Math.round(100 * share);
    const bid = leastWinningBid(many, 100 - many, exponent);
    yield { bid, theory: breakEvenBid(many, 100 - many, exponent), rent: 1 - 1 / bid };
  },
  figures: [
    {
      name: "score-contour",
      title: "Which provers and bids have the same score?",
      data: surface,
      spec: {
        width: 420,
        height: 300,
        mark: "rect",
        encoding: {
          x: {
            field: "provers",
            type: "ordinal",
            title: "provers (N)",
            axis: { values: [4, 20, 40, 60, 80, 100], labelAngle: 0 },
          },
          y: {
            ...{ field: "bid", type: "ordinal", sort: "descending", title: "burn bid, tokens (B)" },
            axis: { values: [2, 10, 20, 30, 40, 50] },
          },
          color: {
            ...{ field: "score", type: "quantitative", title: ["log10 of", "N^3 B^2"] },
            scale: { type: "threshold", scheme: "viridis", domain: [3, 4, 5, 6, 6.5, 7, 7.5, 8, 8.5, 9] },
          },
        },
      },
    },
    {
      name: "minority-bid",
      title: "How much more has a minority to bid?",
      data: rowsOf("bid"),
      spec: {
        width: 420,
        height: 280,
        mark: { type: "line", point: true },
        encoding: {
          x: {
            field: "share",
            type: "quantitative",
            title: "majority's share of provers",
            scale: { domain: [0.5, 0.92], nice: false },
            axis: { format: ".0%" },
          },
          y: {
            field: "value",
            type: "quantitative",
            scale: { type: "log" },
            axis: { values: [1, 2, 5, 10, 20, 50, 100, 1e3, 1e4] },
            title: "bid, in bids of the majority",
          },
          color: { field: "exponent", type: "ordinal", title: "exponent", scale: { scheme: "viridis" } },
          shape: { field: "exponent", type: "ordinal", title: "exponent" },
        },
      },
    },
  ],
});
