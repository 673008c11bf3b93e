import { z } from "zod";

// What answers are made of. Numbers that may exceed 2^53 are decimal strings; each says its unit.

export const decimal = z.string().regex(/^\d+$/, "a decimal number");

/** Wei of the asset that the L2 pays in. */
export const wei = decimal.describe("Wei of the rollup's asset.");

/** Wei of the native token. */
export const nativeWei = decimal.describe("Wei of the native token.");

export const bid = decimal.describe("In BID_UNIT, which is 10^14 wei of the native token.");

export const score = decimal.describe("Without a unit. Only scores of one round compare.");

const HEX_32 = /^0x[0-9a-f]{64}$/;

export const hash = z.string().regex(HEX_32, "0x and 64 hexadecimal digits in lower case");

export const proposalId = hash.describe("proposalId, as L1's events have it.");

export const key = hash.describe("A key as a field element.");

export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "0x and 40 hexadecimal digits")
  .describe("An address on L1.");

export const seconds = z.int().nonnegative().describe("Unix seconds of L1.");

export const count = z.int().nonnegative();

export const height = z.int().positive();

/** A whole number in a path or query. */
export const whole = (min: number, max: number) => {
  const expected = `a whole number from ${min} to ${max}`;
  return z.coerce.number({ error: expected }).pipe(z.int(expected).min(min, expected).max(max, expected));
};

export const heightParam = whole(1, 2 ** 32 - 1);

/** Accounts and provers are numbered from 1, in 16 bits. */
export const indexParam = whole(1, 2 ** 16 - 1);

export const round = z
  .object({ height: count.describe("Of the block that the round is about."), attempt: count.describe("From 1.") })
  .describe("One try at deciding one block.");

export const bps = z.int().min(0).max(65_535).describe("Hundredths of a percent.");

export const l1Block = z.object({ number: count, hash }).describe("A block of L1.");

export const origin = z.object({ block: l1Block, transaction: hash }).describe("Where L1 said so.");

export const at = z
  .object({ number: count, hash, timestamp: seconds })
  .describe("The block of L1 at which this answer is true.");

/** An answer, and the block of L1 at which it is true. */
export const answer = <T extends z.ZodRawShape>(shape: T) => z.object({ block: at, ...shape });

/** A part of a list. */
export const page = <T extends z.ZodType>(item: T) =>
  answer({
    items: z.array(item),
    next: z.string().nullable().describe("Give it as `cursor` to read on; null at the end."),
  });

export const MAX_PAGE = 200;
export const DEFAULT_PAGE = 50;

/** What every list can be asked. */
export const pageQuery = {
  limit: whole(1, MAX_PAGE).default(DEFAULT_PAGE).describe("The most items of an answer."),
  cursor: z
    .string()
    .max(64, "at most 64 characters")
    .optional()
    .describe("`next` of the answer before; left out at the beginning."),
};
