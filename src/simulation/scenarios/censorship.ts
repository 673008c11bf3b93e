import { FAST } from "../presets.ts";
import { between, SPREAD } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";

const MOST = 400;
const HONEST = 5;

const onlyPlain = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["includeList"] === "no");

export const censorship = defineScenario({
  number: 9,
  name: "censorship",
  question: "What does it cost to keep a transaction out, or everything?",
  proposal: "Censorship resistance: forgoing fees; include lists on L1; halting the network",
  agents:
    "Five honest proposers whose orders differ in value, and a censor with as good an order, some of the provers and " +
    "a budget a block; a user who waits.",
  expected:
    "A censor that only forgoes a fee delays by as many blocks as it wins in a row; one that wants every block pays " +
    "what it outbids the others by, each time; against operations from L1 it can do nothing but stop blocks.",
  parameters: {
    target: {
      what: "one transaction, or all of them: then the censor's blocks are empty",
      base: "transaction",
      sweep: ["transaction", "everything"],
    },
    support: {
      what: "the censor's provers over those of the others",
      base: 1,
      sweep: [0.5, 0.9, 1, 1.1],
      range: between(0.01, 100),
    },
    budget: {
      what: "beyond what a block is worth to it, tokens a block",
      base: 0,
      sweep: [0, 1, 5, 20, 100],
      range: between(0, 1e9),
    },
    includeList: { what: "whether the user has posted it on L1", base: "no", sweep: ["no", "yes"] },
    fees: { what: "of a full block, tokens", base: 20, range: between(0, 1e6) },
    spread: { what: "deviation of the logarithm of orders' values", base: 0.1, range: SPREAD },
  },
  metrics: {
    delay: "blocks until the transaction is in",
    spent: "burnt beyond the worth of its blocks, and fees forgone, tokens a block",
    wins: "share of blocks that the censor wins",
  },
  runs: 200,
  isShown: ({ support, includeList }) => (includeList === "yes" ? support === 1 : support !== 1.1),
  *simulate({ target, support, budget, includeList, fees, spread }, streams) {
    const stream = streams.of("values");
    const base = FAST.small.reward / 2;
    let [delay, spent, wins] = [0, 0, 0];
    for (; delay < MOST; delay++) {
      const values = Array.from({ length: HONEST }, () => base + fees * stream.logNormal(spread));
      const own = base + fees * stream.logNormal(spread) - (target === "everything" ? fees : fees / 1_000);
      const best = Math.max(...values);
      // To match a score with fewer provers takes a higher bid.
      const needed = best * support ** -1.5;
      if (needed > own + budget) break;
      wins++;
      spent += Math.max(0, needed - own);
      // Every block begins with what is due from L1, the censor's, too.
      if (includeList === "yes") break;
    }
    yield { delay, spent: delay === 0 ? 0 : spent / delay, wins: wins / (delay + 1) };
  },
  figures: [
    {
      name: "censorship",
      title: "How long does a budget keep a transaction out?",
      data: (rows) => rowsOf("delay")(onlyPlain(rows)),
      spec: {
        facet: { column: { field: "target", type: "nominal", title: null } },
        spec: {
          width: 260,
          height: 240,
          mark: { type: "line", point: true },
          encoding: {
            x: {
              ...{ field: "budget", type: "quantitative", scale: { type: "symlog" }, title: "budget, tokens a block" },
              axis: { values: [0, 1, 5, 20, 100] },
            },
            y: {
              field: "value",
              type: "quantitative",
              scale: { type: "symlog", domain: [0, 400] },
              title: "blocks of delay (400: no end)",
              axis: { values: [0, 1, 3, 10, 30, 100, 400] },
            },
            color: { field: "support", type: "ordinal", title: "censor's provers", scale: { scheme: "viridis" } },
            shape: { field: "support", type: "ordinal", title: "censor's provers" },
          },
        },
      },
    },
  ],
});
