import { z } from "zod";
import {
  address,
  answer,
  count,
  hash,
  height,
  key,
  origin,
  page,
  pageQuery,
  proposalId,
  seconds,
  wei,
  heightParam,
} from "./values.ts";

export const OPERATION_KINDS = ["deposit", "forcedTransfer", "forcedExit"] as const;

/** `queued`: no block has to take it yet. `due`: each block of the open round begins with it. */
export const OPERATION_STATES = ["queued", "due", "final"] as const;

export const operation = z.object({
  index: count.describe("Its number in the queue, from 0."),
  kind: z.enum(OPERATION_KINDS),
  from: count.describe("Account; 0: none."),
  to: count.describe("Account; 0: none."),
  amount: wei,
  l1Owner: address,
  key: key.nullable().describe("Of a deposit's account."),
  postedAt: seconds,
  state: z.enum(OPERATION_STATES),
  height: height.nullable().describe("Of the final block that has it."),
  origin,
});

export const operationsQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(OPERATION_STATES).optional().describe("Only those in this state."),
});
export const operations = page(operation).extend({
  posted: count.describe("Operations of all times."),
  settled: count.describe("Those that final blocks have."),
});

export const exit = z.object({
  height,
  proposalId,
  position: count.describe("Of its leaf: base node << 16 | place."),
  packed: hash.describe("The leaf, which a claim shows: amount (a float) << 160 | owner."),
  owner: address,
  amount: wei,
  claimed: origin.nullable().describe("Null until L1 has paid it."),
});

export const exitsQuery = z.strictObject({
  ...pageQuery,
  owner: address.optional().describe("Only those of this address."),
  height: heightParam.optional().describe("Only those of this final block."),
});
export const exits = page(exit);
export const bridge = answer({ posted: count, settled: count, due: count });
