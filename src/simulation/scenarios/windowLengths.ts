import { inclusionProbability } from "../closedForms.ts";
import { between, SPREAD } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";
import type { Stream } from "../stream.ts";

const SLOT = 12;
const ROUNDS = 500;
/** Between asking for votes and having them, seconds. */
const VOTING = 5;

const onlyMap = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["missRate"] === 0.05 && place["provingSeconds"] === 60);

/** L1 with slots that come every 12 seconds and are missed at a rate; a moment is seconds since a slot boundary. */
class SlotClock {
  readonly #stream: Stream;
  readonly #missRate: number;

  constructor(stream: Stream, missRate: number) {
    this.#stream = stream;
    this.#missRate = missRate;
  }

  /** When a transaction that is ready at `moment` is included. */
  inclusion(moment: number): number {
    let slot = Math.ceil(moment / SLOT);
    while (this.#stream.chance(this.#missRate)) slot++;
    return slot * SLOT;
  }
}

export const windowLengths = defineScenario({
  number: 5,
  name: "windows",
  question: "How long do the windows have to be?",
  proposal: "BLOCK_PROPOSAL_WINDOW and PROOF_ACCEPTANCE_WINDOW; downtime; finality",
  agents:
    "One proposer that collects votes for five seconds, commits, reveals, and submits when the slowest of its " +
    "provers is done; L1 with slots of 12 seconds, some of them missed.",
  expected:
    "A proposal window below two L1 slots fails whenever a slot is missed; acceptance has to be four times the " +
    "slowest proof; pipelining takes the proposal window off the time between blocks.",
  parameters: {
    proposalWindow: { what: "seconds", base: 120, sweep: [12, 24, 36, 60, 120], range: between(VOTING, 86_400) },
    acceptanceWindow: { what: "seconds", base: 480, sweep: [120, 240, 480, 960, 2_400], range: between(4, 1e6) },
    missRate: { what: "of L1 slots", base: 0.05, sweep: [0.01, 0.05, 0.2], range: between(0, 0.99) },
    provingSeconds: {
      what: "of the slowest branch of the tree, median",
      base: 60,
      sweep: [20, 60, 180],
      range: between(0, 1e5),
    },
    provingSpread: { what: "deviation of its logarithm", base: 0.4, range: SPREAD },
  },
  metrics: {
    commits: "share of proposal windows in which a commit that takes five seconds is included",
    theory: "the same by the closed form",
    liveness: "share of attempts that end with a block",
    finality: "seconds from the first attempt's opening to the advance, with failed attempts",
    interval: "seconds between blocks where every height is committed ahead",
    intervalFresh: "seconds between blocks without pipelining",
    downtime: "share of time in which nothing can be proven, without pipelining",
  },
  runs: 10,
  isShown: ({ missRate, provingSeconds }) => missRate === 0.05 && provingSeconds === 60,
  *simulate({ proposalWindow, acceptanceWindow, missRate, provingSeconds, provingSpread }, streams) {
    const l1 = new SlotClock(streams.of("slots"), missRate);
    const [phases, proofs] = [streams.of("phases"), streams.of("proofs")];
    const quarter = Math.floor(acceptanceWindow / 4);
    let [committed, decided, attempts, time] = [0, 0, 0, 0];
    let waited = 0;
    for (let round = 0; round < ROUNDS; round++) {
      attempts++;
      const opens = SLOT * phases.uniform();
      const proposalEnds = opens + proposalWindow;
      const inTime = l1.inclusion(opens + VOTING) < proposalEnds;
      const revealed = l1.inclusion(proposalEnds);
      const proven = l1.inclusion(revealed + provingSeconds * proofs.logNormal(provingSpread));
      const isRevealed = revealed < proposalEnds + quarter;
      const isProven = isRevealed && proven < proposalEnds + acceptanceWindow - quarter;
      committed += Number(inTime);
      // A failed attempt is over when nobody has revealed, or nothing was proven in time.
      const used = isProven ? acceptanceWindow : isRevealed ? acceptanceWindow - quarter : quarter;
      time += proposalWindow + (inTime ? used : 0);
      if (!inTime || !isProven) continue;
      decided++;
      waited += l1.inclusion(opens + proposalWindow + acceptanceWindow) - opens - proposalWindow - acceptanceWindow;
    }
    const liveness = decided / attempts;
    if (decided === 0) {
      yield {
        commits: committed / attempts,
        theory: inclusionProbability(proposalWindow - VOTING, missRate),
        liveness,
      };
      return;
    }
    const late = waited / decided;
    yield {
      ...{ commits: committed / attempts, theory: inclusionProbability(proposalWindow - VOTING, missRate), liveness },
      finality: time / decided + late,
      interval: acceptanceWindow / liveness,
      intervalFresh: time / decided + late,
      downtime: proposalWindow / (proposalWindow + acceptanceWindow),
    };
  },
  figures: [
    {
      name: "window-map",
      title: "Which windows decide a block at the first attempt?",
      data: (rows) => rowsOf("liveness")(onlyMap(rows)),
      spec: {
        width: 320,
        height: 260,
        encoding: {
          x: {
            field: "acceptanceWindow",
            type: "ordinal",
            title: "acceptance window, seconds",
            axis: { labelAngle: 0 },
          },
          y: { field: "proposalWindow", type: "ordinal", sort: "descending", title: "proposal window, seconds" },
        },
        layer: [
          {
            mark: "rect",
            encoding: {
              color: {
                field: "value",
                type: "quantitative",
                title: "decided",
                scale: { scheme: "viridis", domain: [0, 1] },
                legend: { format: ".0%" },
              },
            },
          },
          {
            mark: { type: "text", fontSize: 11 },
            encoding: {
              text: { field: "value", type: "quantitative", format: ".0%" },
              color: { condition: { test: "datum.value > 0.5", value: "black" }, value: "white" },
            },
          },
        ],
      },
    },
  ],
});
