import { completionProbability } from "../closedForms.ts";
import { FAST } from "../presets.ts";
import { between, PART, whole } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";

const BLOCKS = 400;

const onlySmall = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["leaderFails"] === 0.05 && place["forfeit"] === 1);

export const redundantProving = defineScenario({
  number: 8,
  name: "redundancy",
  question: "Is it worth it that the same block is proven more than once?",
  proposal: "Redundant prover work; a proposer may gamble and submit; wasted prover work",
  agents:
    "Provers that fail independently, each slot held by one and backed by others; a proposer of the second block, " +
    "who submits if the leader may fail.",
  expected:
    "One backup takes 2,048 slots at 0.1 % from 13 % to 99.8 %; a second block is proven from a small doubt on.",
  parameters: {
    slots: { what: "of the forest", base: 2_048, sweep: [7, 128, 2_048], range: whole(1, 65_536) },
    failure: {
      what: "probability that one proof does not come",
      base: 0.001,
      sweep: [0.0001, 0.001, 0.01, 0.05],
      range: PART,
    },
    copies: { what: "provers who would prove a slot", base: 1, sweep: [1, 2, 3], range: whole(1, 100) },
    leaderFails: {
      what: "probability, as the second proposer sees it",
      base: 0.05,
      sweep: [0.005, 0.05, 0.2],
      range: PART,
    },
    forfeit: { what: "part of its bid that a commit loses that is never proven", base: 1, sweep: [0, 1], range: PART },
    submission: { what: "gas and proofs of a second block, tokens", base: 2, range: between(0, 1e3) },
  },
  metrics: {
    complete: "share of blocks of which every slot is proven",
    theory: "the same by (1 - failure^copies)^slots",
    missing: "slots without a proof, on average",
    wasted: "proofs beyond the first of a slot, in slots",
    gamble: "what proving the second block brings, against leaving it, tokens; both bid 40",
    doubt: "probability of a failure from which on it submits",
  },
  runs: 5,
  isShown: ({ leaderFails, forfeit, slots }) => leaderFails === 0.05 && (forfeit === 1 || slots === 7),
  *simulate({ slots, failure, copies, leaderFails, forfeit, submission }, streams) {
    const stream = streams.of("failures");
    const missed = failure ** copies;
    let [complete, missing] = [0, 0];
    for (let block = 0; block < BLOCKS; block++) {
      // How many slots are missing: jumps from one failure to the next.
      let count = 0;
      for (let slot = skip(stream.uniform(), missed); slot < slots; slot += 1 + skip(stream.uniform(), missed)) count++;
      complete += Number(count === 0);
      missing += count;
    }
    const { reward, uncleReward, uncleBurn } = FAST.small;
    const [bid, share] = [40, 0.5];
    const won = reward * (1 - share) - bid;
    const uncle = Math.min(reward * uncleReward, uncleBurn * bid) * (1 - share) - uncleBurn * bid;
    const silence = -forfeit * bid;
    const gamble = leaderFails * won + (1 - leaderFails) * uncle - submission - silence;
    yield {
      ...{ complete: complete / BLOCKS, theory: completionProbability(slots, failure, copies) },
      ...{ missing: missing / BLOCKS, wasted: (copies - 1) * (1 - failure) },
      ...{ gamble, doubt: Math.min(1, Math.max(0, (submission + silence - uncle) / (won - uncle))) },
    };
  },
  figures: [
    {
      name: "redundancy",
      title: "How many blocks are complete without anybody stepping in?",
      data: (rows) => rowsOf("theory")(onlySmall(rows)),
      spec: {
        facet: { column: { field: "copies", type: "ordinal", title: "provers who would prove a slot" } },
        spec: {
          width: 190,
          height: 200,
          mark: { type: "line", point: true },
          encoding: {
            x: {
              field: "failure",
              type: "quantitative",
              scale: { type: "log", domain: [0.00008, 0.07], nice: false },
              axis: { values: [0.0001, 0.001, 0.01, 0.05] },
              title: "a proof fails with",
            },
            y: { field: "value", type: "quantitative", title: "blocks that are complete", axis: { format: ".0%" } },
            color: { field: "slots", type: "ordinal", scale: { scheme: "viridis" } },
            shape: { field: "slots", type: "ordinal" },
          },
        },
      },
    },
  ],
});

/** Slots that are proven before the next one that is not. */
const skip = (uniform: number, missed: number): number => Math.floor(Math.log(uniform) / Math.log1p(-missed));
