/**
 * A builder of blocks as a program of its own: `./b52 node proposer --builder "node --import tsx scripts/builder.ts"`.
 *
 * It reads questions, a line of JSON each (`orderQuestion` in src/roles/proposer/builderProtocol.ts), and answers with
 * the transfers that go into the block, in their order. This one takes what pays at least a given fee, in the order in
 * which the proposer would take it. A searcher puts its own transfers in front, behind, or between.
 */
import { createInterface } from "node:readline";
import { decodeTransfer } from "../src/protocol/messages.ts";
import { orderQuestion } from "../src/roles/proposer/builderProtocol.ts";

const leastFee = BigInt(process.argv[2] ?? "0");

for await (const line of createInterface({ input: process.stdin })) {
  const { id, places, pool } = orderQuestion.parse(JSON.parse(line));
  const transfers = pool.filter((encoded) => decodeTransfer(encoded).fee >= leastFee).slice(0, places);
  process.stdout.write(`${JSON.stringify({ id, transfers })}\n`);
}
