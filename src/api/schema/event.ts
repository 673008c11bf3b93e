import { z } from "zod";
import { SHOWN_PHASES } from "../../protocol/phase.ts";
import { REASONS } from "./transaction.ts";
import { address, count, hash, height, key, l1Block, proposalId, round, score, wei } from "./values.ts";

const of = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

/** What the stream tells, by the name of the event. Ask the routes for more. */
export const streamEvent = z
  .discriminatedUnion("type", [
    of("reset", { block: l1Block.nullable() }).describe("What came before is not known here: ask for everything anew."),
    of("block", { block: l1Block, phase: z.enum(SHOWN_PHASES), round, finalHeight: count }).describe(
      "A new block of L1.",
    ),
    of("reorganised", { from: count }).describe(
      "L1 has dropped its blocks from this one on, and all that was in them.",
    ),
    of("committed", { round, proposer: address }),
    of("revealed", { proposalId, round }),
    of("proven", { proposalId, round, score }),
    of("handedIn", { proposalId, slots: z.array(count) }),
    of("final", { height, proposalId, stateRoot: hash }),
    of("posted", { operation: count }),
    of("exitClaimed", { proposalId, position: count, owner: address, amount: wei }),
    of("prover", { index: z.int().positive() }).describe("A prover has registered, or its stake has changed."),
    of("offered", { proposalId, round, proposer: address }),
    of("voted", { proposalId, key, depth: count, index: count }),
    of("proofHeard", { proposalId, slot: count }),
    of("transaction", {
      id: hash,
      state: z.enum(["waiting", "dropped"]),
      reason: z.enum(REASONS).nullable(),
    }),
  ])
  .describe("The data of an event.");

export type StreamEvent = z.infer<typeof streamEvent>;

export const eventsHeaders = z.object({
  "last-event-id": z
    .string()
    .max(64)
    .optional()
    .describe(
      "Of the last event that was heard: those after it come first, or `reset` if they are not known any more.",
    ),
});
