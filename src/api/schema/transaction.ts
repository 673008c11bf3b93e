import { z } from "zod";
import { DROP_REASONS } from "../../protocol/dropReason.ts";
import {
  answer,
  count,
  decimal,
  hash,
  height,
  origin,
  page,
  pageQuery,
  proposalId,
  wei,
  indexParam,
  heightParam,
} from "./values.ts";

/** Where in its life a transfer is. */
export const TRANSACTION_STATES = ["waiting", "revealed", "proven", "final", "dropped"] as const;

/** Why a transfer is not taken, or left without having come into a block. */
export const REASONS = [
  "sender is no account",
  "receiver is no account",
  "sender's key is no public key",
  "sender has no account yet",
  "account has another key",
  "nonce is used",
  "nonce is too far ahead",
  "bad transfer signature",
  ...DROP_REASONS,
] as const;

export const transaction = z.object({
  id: hash.describe("keccak256 of the packed transfer, R8.y and S: what a block publishes of it."),
  from: z.int().positive().describe("Account."),
  to: count.describe("Account; 0: an exit to the sender's owner on L1."),
  amount: wei,
  fee: wei,
  nonce: decimal.nullable().describe("Null where blocks before its own are not known here."),
});

/** A block that is not final and has the transfer. */
const soft = z
  .object({
    proposalId,
    rank: z.int().positive().describe("k: its commit's place among those of the round that may still win."),
    of: z.int().positive().describe("n: how many these are."),
    isProven: z.boolean(),
  })
  .describe("In the commit ranked k-th of n.");

const place = z.object({
  height,
  proposalId,
  position: count.describe("Among the block's transfers, from 0."),
  origin,
});

export const lifecycle = z.object({
  ...transaction.shape,
  state: z.enum(TRANSACTION_STATES),
  confirmations: z.array(soft).describe("Blocks of the open round that have it, best first."),
  final: place.nullable(),
  reason: z.enum(REASONS).nullable().describe("Why it was dropped."),
});

export const transactionParams = z.object({ id: hash });
export const transactionAnswer = answer({ transaction: lifecycle });

export const transactionsQuery = z.strictObject({
  ...pageQuery,
  account: indexParam.optional().describe("Only those from or to it."),
  height: heightParam.optional().describe("Only those of this final block."),
});
export const transactions = page(transaction.extend({ final: place }));

/** Hexadecimal digits of 178 bytes, with 0x. */
const ENCODED_LENGTH = 358;

export const sendBody = z.strictObject({
  transfer: z
    .string()
    .length(ENCODED_LENGTH, "0x and 356 hexadecimal digits")
    .regex(/^0x[0-9a-fA-F]*$/, "0x and 356 hexadecimal digits")
    .describe("A signed transfer: 178 bytes, see docs/encodings.md."),
});
export const sent = answer({ transaction: transaction.extend({ nonce: decimal }) });
