import { z } from "zod";
import { account } from "./account.ts";
import { block, paid } from "./block.ts";
import { exit, operation } from "./bridge.ts";
import { streamEvent } from "./event.ts";
import { peer } from "./node.ts";
import { problem } from "./problem.ts";
import { node, proposal, vote } from "./proposal.ts";
import { prover } from "./prover.ts";
import { rankedCommit, roundSummary } from "./round.ts";
import { lifecycle } from "./transaction.ts";
import { at, l1Block, origin, round } from "./values.ts";

/** What the OpenAPI document calls the parts of answers. */
const NAMES = {
  Account: account,
  At: at,
  Block: block,
  Commit: rankedCommit,
  Event: streamEvent,
  Exit: exit,
  L1Block: l1Block,
  Node: node,
  Operation: operation,
  Origin: origin,
  Paid: paid,
  Peer: peer,
  Problem: problem,
  Proposal: proposal,
  Prover: prover,
  Round: round,
  RoundSummary: roundSummary,
  Transaction: lifecycle,
  Vote: vote,
};

for (const [id, schema] of Object.entries(NAMES)) z.globalRegistry.add(schema, { ...schema.meta(), id });
