import { z } from "zod";
import { address, answer, count, key, nativeWei, page, pageQuery, indexParam } from "./values.ts";

export const prover = z.object({
  index: z.int().positive(),
  key,
  owner: address,
  stake: nativeWei,
  isEligible: z.boolean().describe("Whether it counts in rounds that open from now on."),
  record: z
    .object({
      blocks: count.describe("Proven blocks of decided rounds that name it."),
      assigned: count.describe("Slots of these that were its own."),
      voted: count.describe("Of these, slots with a vote."),
      delivered: count.describe("Of these, slots that it has proven."),
      fulfilled: count.describe("Both."),
      slashes: count,
      burnt: nativeWei.describe("Wei of the native token that were burnt of its stake."),
      claimed: nativeWei.describe("Wei of the native token that it has earned and claimed."),
    })
    .describe("What L1 says of it, over all heights."),
});

export const proverParams = z.object({ index: indexParam });
export const proverAnswer = answer({ prover });
export const proversQuery = z.strictObject(pageQuery);
export const provers = page(prover);
