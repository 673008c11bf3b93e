import { z } from "zod";
import { B52Error } from "../../protocol/errors.ts";
import { decodeTransfer, encodeTransfer } from "../../protocol/messages.ts";
import { encodePackedOperation } from "../../protocol/operation.ts";
import { transfersPerBlock } from "../../protocol/profile.ts";
import type { SignedTransfer } from "../../protocol/transfer.ts";
import { hexString } from "../hexString.ts";
import type { OrderRequest } from "./builder.ts";

/** What builder and proposer say to each other: a line of JSON each. Numbers that may be large are decimal strings. */
const PROTOCOL = 1;

const decimal = z.string().regex(/^\d{1,78}$/, "expected a decimal number");

/** A proposer asks for the order of a block. */
export const orderQuestion = z.object({
  version: z.literal(PROTOCOL),
  /** Counts the questions; the answer repeats it. */
  id: z.int().nonnegative(),
  /** Of the rollup. */
  domain: decimal,
  roundId: decimal,
  /** proposalId of the block that it builds on; 0: genesis. */
  parent: decimal,
  /** Address. */
  proposer: z.string(),
  proverShareBps: z.int(),
  /** L1 operations that the block begins with, as they are packed, in order. */
  operations: z.array(hexString),
  /** Room for transfers behind them. */
  places: z.int().nonnegative(),
  /** Transfers that the proposer knows, in the order in which it would take them itself: `encodeTransfer`. */
  pool: z.array(hexString),
});

/** A builder's order: of the pool, and of what it knows itself. */
export const orderAnswer = z.object({
  id: z.int().nonnegative(),
  /** `encodeTransfer`, in the order in which they are to be executed. */
  transfers: z.array(hexString),
});

export type OrderQuestion = z.output<typeof orderQuestion>;

/** A builder that gives no order, or none that can be used. */
export class BuilderError extends B52Error {
  constructor(command: string, problem: string, options?: ErrorOptions) {
    super(`the builder ${command} ${problem}, expected an order for a block`, { command }, options);
  }
}

/** Of the proposer's pool a builder is told so many times as much as fits a block. */
const POOL_FACTOR = 4;

export function questionOf(id: number, request: OrderRequest, pool: readonly SignedTransfer[]): OrderQuestion {
  const { rules, roundId, parent, proposer, proverShareBps, operations } = request;
  const places = transfersPerBlock(rules.profile, operations.length);
  return {
    ...{ version: PROTOCOL, id, domain: `${rules.domain}`, roundId: `${roundId}`, parent: `${parent}` },
    ...{ proposer, proverShareBps, places },
    operations: operations.map(encodePackedOperation),
    pool: pool.slice(0, POOL_FACTOR * places).map(encodeTransfer),
  };
}

/**
 * The order that a line holds: no transfer twice, no more than fit. Whether they can be executed shows when they are.
 * @throws {BuilderError} if it is no answer to the question
 */
export function orderIn(command: string, line: string, { id, places }: OrderQuestion): SignedTransfer[] {
  try {
    const answer = orderAnswer.parse(JSON.parse(line));
    if (answer.id !== id) throw new BuilderError(command, `answers question ${answer.id} and not ${id}`);
    if (answer.transfers.length > places)
      throw new BuilderError(command, `has ${answer.transfers.length} transfers for ${places} places`);
    if (new Set(answer.transfers.map((encoded) => encoded.toLowerCase())).size < answer.transfers.length)
      throw new BuilderError(command, "has a transfer twice");
    return answer.transfers.map(decodeTransfer);
  } catch (error) {
    if (error instanceof BuilderError) throw error;
    throw new BuilderError(command, `says what cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
