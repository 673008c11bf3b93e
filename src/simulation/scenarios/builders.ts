import { PART, SPREAD } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";
import { herfindahl } from "../statistics.ts";

const BLOCKS = 500;
const PROPOSERS = 10;
const BUILDERS = 5;

const onlyFigure = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ metric }) => metric === "proposers" || metric === "orders");

export const builders = defineScenario({
  number: 14,
  name: "builders",
  question: "Does skill in ordering concentrate proposing, and do separate builders undo that?",
  proposal: "Not prioritising the best hardware or largest actors; builder centralisation; PBS",
  agents:
    "Ten proposers who order blocks themselves, some better than others; or who buy the best of five builders' " +
    "orders at the price of the second. An order's value has a part that all see and one that only some find.",
  expected:
    "Without builders the best searcher proposes nearly always; with them proposing is open, and building is as " +
    "concentrated as skill.",
  parameters: {
    separate: { what: "whether proposers buy orders", base: "no", sweep: ["no", "yes"] },
    skill: { what: "deviation of the logarithm of lasting skill", base: 0.5, sweep: [0, 0.25, 0.5, 1], range: SPREAD },
    common: { what: "part of the value that everybody finds", base: 0.5, sweep: [0.2, 0.5, 0.8], range: PART },
    luck: { what: "deviation of the logarithm of one find", base: 0.5, range: SPREAD },
  },
  metrics: {
    proposers: "Herfindahl index of blocks by proposer; 0.1 is equal",
    orders: "Herfindahl index of blocks by who ordered them",
    burnt: "in the value of the best order",
    kept: "by the winning proposer, in the value of the best order",
    builder: "kept by the winning builder",
  },
  runs: 40,
  isShown: ({ common }) => common === 0.5,
  *simulate({ separate, skill, common, luck }, streams) {
    const [skills, finds, ties] = [streams.of("skills"), streams.of("finds"), streams.of("ties")];
    const isSeparate = separate === "yes";
    const makers = isSeparate ? BUILDERS : PROPOSERS;
    const lasting = Array.from({ length: PROPOSERS }, () => skills.logNormal(skill)).slice(0, makers);
    const [byProposer, byMaker] = [Array<number>(PROPOSERS).fill(0), Array<number>(makers).fill(0)];
    let [total, burnt, kept, builder] = [0, 0, 0, 0];
    for (let block = 0; block < BLOCKS; block++) {
      const draws = Array.from({ length: PROPOSERS }, () => finds.logNormal(luck));
      const values = lasting.map((own, i) => common + (1 - common) * own * draws[i]!);
      const order = values.map((value, i) => ({ value, i })).sort((a, b) => b.value - a.value);
      const [best, second] = [order[0]!, order[1]!];
      total += best.value;
      byMaker[best.i]!++;
      // All proposers can have the best order for what the second is worth: they bid that away.
      byProposer[isSeparate ? ties.index(PROPOSERS) : best.i]!++;
      burnt += second.value;
      if (isSeparate) builder += best.value - second.value;
      else kept += best.value - second.value;
    }
    yield {
      ...{ proposers: herfindahl(byProposer), orders: herfindahl(byMaker), burnt: burnt / total },
      ...{ kept: kept / total, builder: builder / total },
    };
  },
  figures: [
    {
      name: "builders",
      title: "How concentrated are proposing and ordering?",
      data: (rows) =>
        ["proposers", "orders"]
          .flatMap((metric) =>
            rowsOf(metric)(onlyFigure(rows)).map((row) => ({
              ...row,
              who: metric === "proposers" ? "proposers" : "who orders",
              world: row["separate"] === "yes" ? "with builders" : "without builders",
            })),
          )
          .filter((row) => (row as { common?: unknown }).common === 0.5),
      spec: {
        facet: {
          column: { field: "world", type: "nominal", title: null, sort: ["without builders", "with builders"] },
        },
        spec: {
          width: 240,
          height: 220,
          mark: { type: "line", point: true },
          encoding: {
            x: { field: "skill", type: "quantitative", title: "spread of skill" },
            y: { field: "value", type: "quantitative", title: "Herfindahl index", scale: { domain: [0, 1] } },
            color: { field: "who", type: "nominal", title: null },
            strokeDash: { field: "who", type: "nominal", title: null },
            shape: { field: "who", type: "nominal", title: null },
          },
        },
      },
    },
  ],
});
