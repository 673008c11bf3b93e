import { FAST } from "../presets.ts";
import { between, PART, SPREAD, whole } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";
import { gini } from "../statistics.ts";

const PROVERS = 200;
const SLOTS = 127;
/** Measured: CPU seconds that a transfer takes its prover on one thread. */
const SECONDS_OF_A_TRANSFER = 0.177;

const onlyMain = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["spread"] === 0.6 && place["price"] === 0.00002);

export const unequalHardware = defineScenario({
  number: 15,
  name: "hardware",
  question: "Which provers are in, and who is priced out?",
  proposal: "Hardware requirements; not prioritising the best hardware; the effort of a part of the tree is small",
  agents:
    "200 provers whose machines differ in speed and whose costs are in proportion to time; a proposer that fills 127 " +
    "slots with those who can deliver in half of the acceptance window.",
  expected:
    "Small nodes let everybody in and make L1 dear; large nodes leave the slow half out, earlier by time than by cost.",
  parameters: {
    transfersPerBase: { what: "of a base node", base: 64, sweep: [8, 64, 256, 1_024], range: whole(1, 100_000) },
    acceptanceWindow: { what: "seconds", base: 480, sweep: [120, 480, 2_400], range: between(1, 1e6) },
    spread: { what: "deviation of the logarithm of speed", base: 0.6, sweep: [0.3, 0.6, 1], range: SPREAD },
    price: {
      what: "of a second of the median machine, tokens",
      base: 0.00002,
      sweep: [0.00002, 0.002],
      range: between(0, 1e3),
    },
    share: { what: "of the reward for provers", base: 0.5, sweep: [0.05, 0.5], range: PART },
  },
  metrics: {
    inTime: "share of provers who can deliver one base node in time",
    profitable: "share who earn more than it costs them",
    gini: "Gini coefficient of profits over a hundred blocks",
    provers: "distinct provers of a block",
    slowest: "speed of the slowest that is in, in that of the median",
  },
  runs: 20,
  isShown: ({ spread, price, share }) => spread === 0.6 && (price === 0.002 || share === 0.5),
  *simulate({ transfersPerBase, acceptanceWindow, spread, price, share }, streams) {
    const [machines, choice] = [streams.of("machines"), streams.of("choice")];
    const speeds = Array.from({ length: PROVERS }, () => machines.logNormal(spread));
    const work = transfersPerBase * SECONDS_OF_A_TRANSFER;
    // Proving takes half of the window; merges wait for their children, so bases have half of that.
    const allowed = acceptanceWindow / 4;
    const perSlot = (FAST.large.reward * share) / SLOTS;
    const inTime = speeds.map((speed) => work / speed <= allowed);
    const profits = speeds.map((speed) => perSlot - (work / speed) * price);
    const able = speeds.flatMap((_, i) => (inTime[i] && profits[i]! > 0 ? [i] : []));
    const earned = Array<number>(PROVERS).fill(0);
    const provers = new Set<number>();
    for (let block = 0; block < 100 && able.length > 0; block++) {
      for (let slot = 0; slot < SLOTS; slot++) {
        const prover = able[choice.index(able.length)]!;
        earned[prover]! += profits[prover]!;
        if (block === 0) provers.add(prover);
      }
    }
    const slowest = able.reduce((least, i) => Math.min(least, speeds[i]!), Infinity);
    yield {
      ...{ inTime: inTime.filter(Boolean).length / PROVERS, profitable: profits.filter((p) => p > 0).length / PROVERS },
      ...{ gini: gini(earned), provers: provers.size },
      ...(able.length > 0 && { slowest }),
    };
  },
  figures: [
    {
      name: "hardware",
      title: "Which part of the provers can take part?",
      data: (rows) => rowsOf("inTime")(onlyMain(rows)).filter((row) => row["share"] === 0.5),
      spec: {
        width: 420,
        height: 260,
        mark: { type: "line", point: true },
        encoding: {
          x: {
            field: "transfersPerBase",
            type: "quantitative",
            scale: { type: "log", domain: [6, 1_400], nice: false },
            axis: { values: [8, 64, 256, 1_024] },
            title: "transfers a base node",
          },
          y: { field: "value", type: "quantitative", title: "provers who are in time", axis: { format: ".0%" } },
          color: { field: "acceptanceWindow", type: "ordinal", title: "window, s", scale: { scheme: "viridis" } },
          shape: { field: "acceptanceWindow", type: "ordinal", title: "window, s" },
        },
      },
    },
  ],
});
