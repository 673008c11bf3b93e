import { z } from "zod";
import { address, answer, count, decimal, hash, key, page, pageQuery, wei, indexParam } from "./values.ts";

export const account = z.object({
  index: z.int().positive(),
  key: key.describe("The y coordinate of its owner's public key, as a field element."),
  balance: wei,
  nonce: decimal,
  l1Owner: address.describe("The address on L1 that may force operations."),
});

const at = z
  .object({ height: count, stateRoot: hash })
  .describe("The final block after which the L2 is like this. It follows the block of L1 within seconds.");

export const accountParams = z.object({ index: indexParam });
export const accountAnswer = answer({
  account: account.extend({ waiting: count.describe("Its transfers that wait here for a block.") }),
  after: at,
});
export const accountTransfers = answer({
  transfers: z
    .array(z.string())
    .describe("Those that wait here, at most 64, as they were sent: 178 bytes as hexadecimal, see docs/encodings.md."),
  after: at,
});
export const accountsQuery = z.strictObject({
  ...pageQuery,
  key: hash.optional().describe("Only accounts with this key."),
  owner: address.optional().describe("Only accounts of this address on L1."),
});
export const accounts = page(account).extend({ after: at });
