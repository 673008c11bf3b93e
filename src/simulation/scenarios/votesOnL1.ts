import { blockGas, GAS } from "../gas.ts";
import { whole } from "../range.ts";
import { defineScenario, rowsOfAll, type SummaryRow } from "../scenario.ts";

/** What the discussion takes a vote on L1 to cost: two variables that change. */
const GAS_OF_A_VOTE = 50_000;
const TRANSACTIONS = 16_384;

export const votesOnL1 = defineScenario({
  number: 12,
  name: "votes-on-l1",
  question: "What would voting on L1 cost, instead of gossip?",
  proposal: "100 entities voting per block: 5 million gas; commits of 26k to 45k, 150k a block",
  agents: "None: arithmetic with measured gas.",
  expected: "Votes on L1 cost as much as the proofs; gossip costs nothing on L1, and commits less than one per cent.",
  parameters: {
    provers: { what: "who vote", base: 100, sweep: [7, 48, 100, 500, 2_047], range: whole(1, 1e6) },
    proposals: { what: "that each votes for", base: 1, sweep: [1, 5], range: whole(1, 1_000) },
    commits: { what: "in a round", base: 5, sweep: [1, 5, 10], range: whole(1, 1_000) },
  },
  metrics: {
    votes: "gas of all votes of a block, on L1",
    commits5: "gas of the commits",
    ofBlock: "votes in parts of everything else that a block of 16,384 transactions costs",
    perTransaction: "gas of the votes for a transaction",
    perTransactionOfCommits: "gas of the commits for a transaction",
  },
  isShown: ({ commits }) => commits === 5,
  *simulate({ provers, proposals, commits }) {
    const votes = provers * proposals * GAS_OF_A_VOTE;
    const { gas } = blockGas({ transactions: TRANSACTIONS, transfersPerBase: 128, arity: 16, commits });
    yield {
      ...{ votes, commits5: commits * GAS.commit, ofBlock: votes / gas },
      ...{ perTransaction: votes / TRANSACTIONS, perTransactionOfCommits: (commits * GAS.commit) / TRANSACTIONS },
    };
  },
  figures: [
    {
      name: "votes-on-l1",
      title: "What do votes cost on L1, beside commits?",
      data: (rows) =>
        rowsOfAll(["votes", "commits5"])(rows.filter(onlyFive)).map((row) => ({
          ...row,
          what: row["metric"] === "votes" ? "votes on L1" : "five commits, votes by gossip",
        })),
      spec: {
        width: 420,
        height: 260,
        mark: { type: "line", point: true },
        encoding: {
          x: {
            field: "provers",
            type: "quantitative",
            scale: { type: "log", domain: [5, 3_000], nice: false },
            axis: { values: [7, 48, 100, 500, 2_047] },
            title: "provers who vote",
          },
          y: {
            field: "value",
            type: "quantitative",
            scale: { type: "log" },
            title: "gas a block",
            axis: { format: "~s", values: [1e5, 1e6, 1e7, 1e8] },
          },
          color: { field: "what", type: "nominal", title: null },
          strokeDash: { field: "what", type: "nominal", title: null },
          shape: { field: "what", type: "nominal", title: null },
        },
      },
    },
  ],
});

function onlyFive({ place }: SummaryRow): boolean {
  return place["commits"] === 5 && place["proposals"] === 1;
}
