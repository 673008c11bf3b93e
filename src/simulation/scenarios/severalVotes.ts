import { bidAgainst, type Holder, severalVotes, sidesOf } from "../fast/severalVotes.ts";
import { between, PART, ROUNDS_OF_A_RUN, SPREAD } from "../range.ts";
import { defineScenario, rowsOf } from "../scenario.ts";

const HOLDERS: readonly Holder[] = ["apart", "hires", "open"];

export const severalVotesOfProvers = defineScenario({
  number: 16,
  name: "several-votes",
  question: "What changes if provers vote for several blocks of a round?",
  proposal: "Phase 2: provers broadcast intents for different blocks; the 51 % example, where each has one vote",
  agents:
    "A holder of the stake and everybody else, a block each a round. Some of the others vote for both blocks; the " +
    "holder names its own provers alone, hires whoever votes for it, or lets its own vote for the rival, too. All " +
    "that is voted for is proven, and all pay is restaked.",
  expected:
    "If all vote for all, bids alone decide, and stakes stay in proportion. A holder that hires and does not let " +
    "its own provers out wins by more than with exclusive votes, and its stake grows less.",
  parameters: {
    mechanism: { what: "how blocks win", base: "perBlock", sweep: ["perBlock", "race"] },
    holder: { what: "whom the holder works with", base: "hires", sweep: HOLDERS },
    share: {
      what: "of the stake that the holder has",
      base: 0.51,
      sweep: [0.3, 0.45, 0.51, 0.6],
      range: between(0.01, 0.99),
    },
    both: { what: "part of the others that vote for both, if they may", base: 1, sweep: [0, 0.5, 1], range: PART },
    unclePay: { what: "what an uncle's provers earn, in wins", base: 0.1, range: PART },
    valueNoise: { what: "deviation of the logarithm of a block's value", base: 0.2, sweep: [0.02, 0.2], range: SPREAD },
    reward: { what: "of a round, in parts of all stakes at the start", base: 1e-4, range: between(1e-9, 1) },
    rounds: { what: "of a run", base: 10_000, range: ROUNDS_OF_A_RUN },
  },
  metrics: {
    bid: "least winning bid of the rival under the score, in the holder's bids, at the start",
    wins: "part of the blocks that the holder's are",
    income: "part of all provers' pay that the holder's get",
    stake: "share of the stake that the holder has in the end",
  },
  runs: 10,
  contradiction({ holder, both }) {
    if (holder === "apart" && both !== 0) return `holder=apart needs both=0, not ${both}: it takes nobody's vote`;
    if (holder !== "apart" && both === 0) return `both=0 needs holder=apart, not ${holder}: there is nobody to hire`;
    return undefined;
  },
  isShown: ({ valueNoise, share }) => valueNoise === 0.2 && share !== 0.6,
  *simulate({ mechanism, holder, share, both, ...rest }, streams) {
    const options = { ...rest, share, both, mechanism: mechanism as "perBlock" | "race", holder: holder as Holder };
    const sides = sidesOf(options.holder, share, (1 - share) * both, (1 - share) * (1 - both));
    const { wins, income, stake } = severalVotes(options, streams.of("values"), streams.of("race"));
    yield { ...(mechanism === "perBlock" && { bid: bidAgainst(sides) }), wins, income, stake };
  },
  figures: [
    {
      name: "several-votes",
      title: "What does the holder of a part of the stake win if others vote for its blocks, too?",
      data: (rows) =>
        rowsOf("wins")(rows)
          .filter(({ valueNoise, both }) => valueNoise === 0.2 && both !== 0.5)
          .map((row) => ({ ...row, share: Number(row["share"]) })),
      spec: {
        facet: { column: { field: "mechanism", type: "nominal", title: null, sort: ["perBlock", "race"] } },
        spec: {
          width: 240,
          height: 220,
          mark: { type: "line", point: true },
          encoding: {
            x: {
              ...{ field: "share", type: "quantitative", title: "share of the stake" },
              ...{ scale: { domain: [0.3, 0.6] }, axis: { format: ".0%", values: [0.3, 0.4, 0.5, 0.6] } },
            },
            y: { field: "value", type: "quantitative", title: "share of blocks won", axis: { format: ".0%" } },
            color: { field: "holder", type: "nominal", sort: [...HOLDERS], title: "the holder" },
            strokeDash: { field: "holder", type: "nominal", sort: [...HOLDERS], title: "the holder" },
            shape: { field: "holder", type: "nominal", sort: [...HOLDERS], title: "the holder" },
          },
        },
      },
    },
  ],
});
