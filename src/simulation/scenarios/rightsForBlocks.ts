import { PART, SPREAD, whole } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";
import { herfindahl } from "../statistics.ts";

const BLOCKS = 1_024;
const BIDDERS = 5;

const onlyAverage = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["skill"] === 0.2 && place["absence"] === 0.01);

export const rightsForBlocks = defineScenario({
  number: 13,
  name: "rights",
  question: "What if a right to many blocks is sold, or revenue is predicted?",
  proposal: "B52 as a prediction market: rights to a fixed number of blocks; runners-up if the winner fails",
  agents:
    "Five proposers with some lasting skill and an order of its own value for each block. They bid per block; or for " +
    "the right to several, by what they expect; or by a prediction that is noisy.",
  expected:
    "The best order of each block is lost, all the more the longer a right is; one proposer has many blocks in a " +
    "row; and an absent winner costs several blocks.",
  parameters: {
    variant: { what: "what is bid for", base: "perBlock", sweep: ["perBlock", "right", "prediction"] },
    length: { what: "blocks of a right", base: 16, sweep: [4, 16, 64], range: whole(1, BLOCKS) },
    skill: { what: "deviation of the logarithm of lasting skill", base: 0.2, sweep: [0, 0.2, 0.5], range: SPREAD },
    luck: { what: "the same of one order", base: 0.5, range: SPREAD },
    absence: { what: "probability that a winner is away for its blocks", base: 0.01, sweep: [0.01, 0.1], range: PART },
  },
  metrics: {
    captured: "value of the orders that were used, in that of the best",
    burnt: "in the value of the best orders",
    hhi: "Herfindahl index of blocks by proposer",
    run: "most blocks in a row by one proposer",
    lost: "share of blocks that came late or not at all",
  },
  runs: 50,
  contradiction: ({ variant, length }) =>
    variant !== "perBlock" || length === 16
      ? undefined
      : `length=${length} needs variant=right or variant=prediction: each block alone has none`,
  isShown: ({ skill, length }) => skill !== 0 || length === 16,
  *simulate({ variant, length, skill, luck, absence }, streams) {
    const [skills, orders, others] = [streams.of("skills"), streams.of("orders"), streams.of("others")];
    const lasting = Array.from({ length: BIDDERS }, () => skills.logNormal(skill));
    const expected = Math.exp(luck ** 2 / 2);
    const wins = Array<number>(BIDDERS).fill(0);
    let [best, captured, burnt, lost, run, longest, last] = [0, 0, 0, 0, 0, 0, -1];
    let [holder, price, isAway] = [0, 0, false];
    for (let block = 0; block < BLOCKS; block++) {
      const values = lasting.map((own) => own * orders.logNormal(luck));
      const noise = lasting.map(() => others.logNormal(0.3));
      const away = others.uniform() < absence;
      if (variant === "perBlock" || block % length === 0) {
        const bids =
          variant === "perBlock"
            ? values
            : variant === "right"
              ? lasting.map((own) => own * expected)
              : lasting.map((own, i) => own * expected * noise[i]!);
        const order = bids.map((bid, i) => ({ bid, i })).sort((a, b) => b.bid - a.bid || a.i - b.i);
        [holder, price, isAway] = [order[0]!.i, order[1]!.bid, away];
        // A right to several blocks: whoever is away is away for all; the runner-up takes over after the first.
        if (isAway && variant !== "perBlock") [holder, price] = [order[1]!.i, order[2]!.bid];
      }
      const isLost = isAway && (variant === "perBlock" || block % length === 0);
      const most = Math.max(...values);
      best += most;
      lost += Number(isLost);
      if (isLost && variant !== "perBlock") continue;
      // By the block another candidate is proven anyway: the second order.
      captured += isLost ? [...values].sort((a, b) => b - a)[1]! : values[holder]!;
      burnt += isLost ? 0 : Math.min(price, variant === "perBlock" ? most : price);
      wins[holder]!++;
      run = holder === last ? run + 1 : 1;
      last = holder;
      longest = Math.max(longest, run);
    }
    const lateShare = variant === "perBlock" ? 0 : lost / BLOCKS;
    yield { captured: captured / best, burnt: burnt / best, hhi: herfindahl(wins), run: longest, lost: lateShare };
  },
  figures: [
    {
      name: "rights",
      title: "How much of the best orders' value is used, and how much burnt?",
      data: (rows) =>
        [
          ...rowsOf("captured")(onlyAverage(rows)).map((row) => ({ ...row, what: "used" })),
          ...rowsOf("burnt")(onlyAverage(rows)).map((row) => ({ ...row, what: "burnt" })),
        ].map((row) => ({ ...row, label: labelOf(row) })),
      spec: {
        width: 320,
        height: 240,
        mark: "bar",
        encoding: {
          y: { field: "label", type: "nominal", title: null, sort: null, axis: { labelLimit: 300 } },
          x: {
            field: "value",
            type: "quantitative",
            title: "of the best orders' value",
            axis: { format: ".0%" },
            scale: { domain: [0, 1] },
          },
          yOffset: { field: "what", sort: ["used", "burnt"] },
          color: {
            field: "what",
            type: "nominal",
            title: null,
            sort: ["used", "burnt"],
            scale: { range: ["#08519c", "#bdbdbd"] },
          },
        },
      },
    },
  ],
});

function labelOf(row: object): string {
  const { variant, length } = row as { variant: string; length: number };
  return variant === "perBlock" ? "each block" : `${variant}, ${length} blocks`;
}
