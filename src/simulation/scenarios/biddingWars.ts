import { firstPriceRevenue } from "../closedForms.ts";
import { between, whole } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";
import type { Stream } from "../stream.ts";

interface War {
  readonly revenue: number;
  readonly messages: number;
  readonly isBestFirst: boolean;
}

/** Bids that go up by the least step, each by the bidder that reacts first, until nobody can answer in time. */
function war(values: readonly number[], window: number, reaction: number, step: number, stream: Stream): War {
  let [best, leader, time, messages] = [0, -1, 0, 0];
  for (;;) {
    const next = best === 0 ? step : best * (1 + step);
    const able = values.flatMap((value, i) => (i !== leader && value > next ? [i] : []));
    if (able.length === 0) break;
    // The first of several exponential reactions.
    time += (reaction * stream.exponential()) / able.length;
    if (time > window) break;
    leader = able[stream.index(able.length)]!;
    best = next;
    messages++;
  }
  const highest = values.indexOf(Math.max(...values));
  return { revenue: best, messages, isBestFirst: leader === highest };
}

const onlyMain = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["bidders"] === 5 && place["reaction"] === 2);

export const biddingWars = defineScenario({
  number: 6,
  name: "bidding",
  question: "Does a long window make a bidding war, and does a short one lose revenue?",
  proposal: "Q2: bidding wars in the gossip; effect of a shorter or longer window",
  agents:
    "Proposers with values between 0 and 1 who answer each other's bids by the least step, after a reaction time; or " +
    "who all bid once, at the end, what a first-price auction makes them bid.",
  expected:
    "Open bids come to the second value if there is time; messages grow with the logarithm of values over the step; " +
    "sealed bids bring (n - 1) / (n + 1), the same on average.",
  parameters: {
    style: { what: "open bids in the gossip, or sealed ones at the end", base: "open", sweep: ["open", "sealed"] },
    bidders: { what: "proposers", base: 5, sweep: [2, 5, 10], range: whole(2, 1_000) },
    window: {
      what: "in which bids are taken, seconds",
      base: 120,
      sweep: [6, 12, 30, 60, 120, 480],
      range: between(0, 86_400),
    },
    reaction: { what: "mean time of an answer, seconds", base: 2, sweep: [0.5, 2], range: between(0.01, 3_600) },
    step: {
      what: "least increment, in parts of the bid",
      base: 0.05,
      sweep: [0.01, 0.05, 0.2],
      range: between(0.001, 10),
    },
  },
  metrics: {
    revenue: "burnt, in the highest value that there could be",
    secondValue: "what it would be if all had time",
    theory: "of sealed bids",
    messages: "bids sent",
    best: "share of wars that the highest value wins",
  },
  runs: 400,
  contradiction: ({ style, window, reaction, step }) =>
    style === "open" || (window === 120 && reaction === 2 && step === 0.05)
      ? undefined
      : `window=${window}, reaction=${reaction}, step=${step} need style=open: sealed bids have none of them`,
  isShown: ({ style, bidders, reaction }) => style === "sealed" || (bidders === 5 && reaction === 2),
  *simulate({ style, bidders, window, reaction, step }, streams) {
    const [draws, reactions] = [streams.of("values"), streams.of("reactions")];
    const values = Array.from({ length: bidders }, () => draws.uniform());
    const sorted = [...values].sort((a, b) => b - a);
    const theory = firstPriceRevenue(bidders);
    const secondValue = sorted[1]!;
    if (style === "sealed") {
      yield { revenue: (sorted[0]! * (bidders - 1)) / bidders, secondValue, theory, messages: bidders, best: 1 };
      return;
    }
    const { revenue, messages, isBestFirst } = war(values, window, reaction, step, reactions);
    yield { revenue, secondValue, theory, messages, best: Number(isBestFirst) };
  },
  figures: [
    {
      name: "bidding-wars",
      title: "What do longer windows bring, and how many messages do they cost?",
      data: (rows) =>
        [
          ...rowsOf("revenue")(onlyMain(rows)).map((row) => ({
            ...row,
            panel: "burnt, of the most that there could be",
          })),
          ...rowsOf("messages")(onlyMain(rows)).map((row) => ({ ...row, panel: "bids sent" })),
        ].filter((row) => (row as Record<string, unknown>)["style"] === "open"),
      spec: {
        facet: { column: { field: "panel", type: "nominal", title: null } },
        resolve: { scale: { y: "independent" } },
        spec: {
          width: 260,
          height: 220,
          mark: { type: "line", point: true },
          encoding: {
            x: {
              field: "window",
              type: "quantitative",
              scale: { type: "log", domain: [5, 600], nice: false },
              axis: { values: [6, 12, 30, 60, 120, 480] },
              title: "window, seconds",
            },
            y: { field: "value", type: "quantitative", title: null },
            color: { field: "step", type: "ordinal", title: "least step", scale: { scheme: "viridis" } },
            shape: { field: "step", type: "ordinal", title: "least step" },
          },
        },
      },
    },
  ],
});
