import { BURN_RULE, burnOfUncle } from "../../protocol/burns.ts";
import { uncleReward } from "../../protocol/reward.ts";
import { BID_UNIT } from "../../protocol/terms.ts";
import { uncleEntrants } from "../closedForms.ts";
import { tokensOf, unitsOf } from "../fast/rules.ts";
import { PRESETS } from "../presets.ts";
import { between, whole } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";

const { economics, issuance } = PRESETS.small;

/** How uncles are paid: as the proposal has it, out of a pool and for gas alone; or by the deployed rules. */
type UncleRule = "proposal" | "deployed" | "everyCommit";

/** What one of `count` paid uncles burns and earns, tokens. */
function uncle(rule: UncleRule, bid: number, poolBps: number, count: number): { burnt: number; earned: number } {
  const pool = tokensOf(uncleReward(issuance.initialReward, BigInt(poolBps), count));
  if (rule === "proposal") return { burnt: 0, earned: pool };
  const burnRule = rule === "deployed" ? BURN_RULE.winner : BURN_RULE.everyCommit;
  const parts = { uncleBurnBps: BigInt(economics.uncleBurnBps), forfeitBps: BigInt(economics.forfeitBps) };
  // Nobody is silent: what it burns when it is proven and paid is what it may earn.
  const { own } = burnOfUncle(burnRule, unitsOf(bid), parts, { silent: 0n, named: 1n });
  const tokens = tokensOf(own * BID_UNIT);
  return { burnt: tokens, earned: Math.min(pool, tokens) };
}

const onlyDeep = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["winnerBid"] === 40 && place["entryCost"] === 0.5);

export const uncleSpam = defineScenario({
  number: 7,
  name: "uncles",
  question: "How many uncles are made only for their reward?",
  proposal: "Incentive to spam proposals up to the marginal reward; a block of one transaction for an uncle reward",
  agents:
    "Whoever can propose a further block with own provers, for gas, proofs and what its rule burns, as long as " +
    "that pays.",
  expected:
    "A pool that costs only gas fills up to floor(U / cost) uncles; where an uncle earns at most what it burns, " +
    "none comes.",
  parameters: {
    rule: { what: "of the uncles", base: "deployed", sweep: ["proposal", "deployed", "everyCommit"] },
    poolBps: {
      what: "of the reward that uncles share, 1/10,000",
      base: 1_000,
      sweep: [500, 1_000, 2_000, 5_000],
      range: whole(0, 10_000),
    },
    maxUncles: { what: "paid at most", base: 2, sweep: [1, 2, 8, 15], range: whole(1, 255) },
    entryCost: { what: "gas and proofs of one, tokens", base: 0.5, sweep: [0.1, 0.5, 2], range: between(0.001, 1e4) },
    winnerBid: { what: "tokens", base: 40, sweep: [5, 40, 90], range: between(0, 1e6) },
  },
  metrics: {
    entrants: "uncles that come for the reward alone",
    theory: "the same by floor(U / cost), without a limit on their number",
    profit: "of all of them together, tokens",
    wasted: "spent on gas and proofs by them, tokens",
    perUncle: "profit of the first, alone, tokens",
  },
  isShown: ({ maxUncles, entryCost, winnerBid }) =>
    [2, 15].includes(Number(maxUncles)) && entryCost === 0.5 && winnerBid !== 90,
  *simulate({ rule, poolBps, maxUncles, entryCost, winnerBid }) {
    // The least bid with the winner's provers that is close enough.
    const bid = winnerBid * Math.sqrt(economics.uncleMinScoreBps / 10_000);
    const profitOf = (count: number): number => {
      const { burnt, earned } = uncle(rule as UncleRule, bid, poolBps, count);
      return earned - burnt - entryCost;
    };
    let entrants = 0;
    while (entrants < maxUncles && profitOf(entrants + 1) >= 0) entrants++;
    const pool = tokensOf((issuance.initialReward * BigInt(poolBps)) / 10_000n);
    yield {
      ...{ entrants, theory: uncleEntrants(pool, entryCost), perUncle: profitOf(1) },
      ...{ profit: entrants === 0 ? 0 : entrants * profitOf(entrants), wasted: entrants * entryCost },
    };
  },
  figures: [
    {
      name: "uncle-spam",
      title: "How many uncles come for the reward alone?",
      data: (rows) => rowsOf("entrants")(onlyDeep(rows)),
      spec: {
        facet: {
          column: { field: "rule", type: "nominal", title: null, sort: ["proposal", "deployed", "everyCommit"] },
        },
        spec: {
          width: 190,
          height: 200,
          mark: { type: "line", point: true },
          encoding: {
            x: { field: "poolBps", type: "quantitative", title: "pool, 1/10,000" },
            y: { field: "value", type: "quantitative", title: "uncles that pay" },
            color: { field: "maxUncles", type: "ordinal", title: "paid at most", scale: { scheme: "viridis" } },
            shape: { field: "maxUncles", type: "ordinal", title: "paid at most" },
          },
        },
      },
    },
  ],
});
