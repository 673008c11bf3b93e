import { ARITIES, blockGas } from "../gas.ts";
import { between, oneOf, whole } from "../range.ts";
import { defineScenario, rowsOfAll, type SummaryRow } from "../scenario.ts";

const GWEI = 1e-9;
const BLOB_GAS = 131_072;

const onlyOne = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["gasPrice"] === 10 && place["blobPrice"] === 1);

export const l1Cost = defineScenario({
  number: 11,
  name: "l1-cost",
  question: "What does a transaction cost on L1?",
  proposal: "Overhead of commits: 150k a block; submitting a proof is costly; 2^14 transactions and 2,048 provers",
  agents: "None: gas as measured on the contracts, at several prices.",
  expected:
    "The forest's proofs make up nearly all; large base nodes and a high arity make it cheap, many small provers dear.",
  parameters: {
    transactions: {
      what: "in the block",
      base: 16_384,
      sweep: [64, 256, 1_024, 4_096, 16_384],
      range: whole(1, 1_048_576),
    },
    transfersPerBase: {
      what: "proven by one base node: the proposal has 8",
      base: 128,
      sweep: [8, 128],
      range: whole(1, 16_384),
    },
    arity: { what: "children of a merge", base: 16, sweep: [2, 16], range: oneOf(...ARITIES) },
    gasPrice: { what: "gwei", base: 10, sweep: [1, 10, 50], range: between(0, 1e6) },
    blobPrice: { what: "gwei for a unit of blob gas", base: 1, sweep: [0.001, 1, 30], range: between(0, 1e6) },
    etherPrice: { what: "dollars", base: 3_000, range: between(0, 1e7) },
    commits: { what: "in the round", base: 5, range: whole(0, 1_000) },
  },
  metrics: {
    gas: "of a transaction, without blobs",
    dollars: "of a transaction",
    dollarsOfBlock: "of the block",
    proofs: "share of the gas that proofs take",
    provers: "slots of the forest",
  },
  contradiction: ({ transactions, transfersPerBase }) =>
    transactions >= transfersPerBase
      ? undefined
      : `transactions=${transactions} do not fill one base node of transfersPerBase=${transfersPerBase}`,
  isShown: ({ gasPrice, blobPrice, transactions }) =>
    blobPrice === 1 && (gasPrice === 10 || (gasPrice === 50 && transactions === 16_384)),
  *simulate({ transactions, transfersPerBase, arity, gasPrice, blobPrice, etherPrice, commits }) {
    const { slots, proofGas, gas, blobs } = blockGas({ transactions, transfersPerBase, arity, commits });
    const ether = gas * gasPrice * GWEI + blobs * BLOB_GAS * blobPrice * GWEI;
    const dollarsOfBlock = ether * etherPrice;
    yield {
      ...{ gas: gas / transactions, dollars: dollarsOfBlock / transactions, dollarsOfBlock },
      ...{ proofs: proofGas / gas, provers: slots },
    };
  },
  figures: [
    {
      name: "cost-per-transaction",
      title: "What does a transaction cost on L1 (10 gwei, blobs at 1 gwei, ether at $3,000)?",
      data: (rows) =>
        rowsOfAll(["dollars"])(onlyOne(rows)).map((row) => ({
          ...row,
          tree: `${row["transfersPerBase"]} a node, arity ${row["arity"]}`,
        })),
      spec: {
        width: 420,
        height: 280,
        mark: { type: "line", point: true },
        encoding: {
          x: {
            field: "transactions",
            type: "quantitative",
            scale: { type: "log", domain: [50, 20_000], nice: false },
            axis: { values: [64, 256, 1_024, 4_096, 16_384] },
            title: "transactions in the block",
          },
          y: {
            field: "value",
            type: "quantitative",
            scale: { type: "log" },
            axis: { values: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1] },
            title: "dollars a transaction",
          },
          color: { field: "tree", type: "nominal", title: "forest", scale: { scheme: "viridis" } },
          shape: { field: "tree", type: "nominal", title: "forest" },
        },
      },
    },
  ],
});
