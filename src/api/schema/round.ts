import { z } from "zod";
import { SHOWN_PHASES } from "../../protocol/phase.ts";
import {
  address,
  answer,
  bid,
  bps,
  count,
  decimal,
  hash,
  origin,
  page,
  pageQuery,
  proposalId,
  round,
  score,
  seconds,
} from "./values.ts";

/** A half-open span of time. */
const window = z.object({ from: seconds, until: seconds.describe("The first second after it, Unix seconds of L1.") });

export const presentRound = answer({
  phase: z.enum(SHOWN_PHASES).describe("What L1 accepts now."),
  round: round.describe("The round that the windows belong to; attempt 0: not opened yet."),
  commitRound: round.nullable().describe("The round that a commit names now; null before the start."),
  number: decimal.describe("Rounds opened so far."),
  windows: z
    .object({
      proposal: window.describe("Commits are taken."),
      reveal: window.describe("Orders are revealed."),
      prove: window.describe("Forests and votes are taken."),
      deliver: window.describe("Deliveries alone are taken."),
    })
    .nullable()
    .describe("Null before the first round."),
  parent: proposalId.nullable().describe("The block that the round builds on; null: genesis."),
  stateRoot: hash.describe("Of the L2, after the parent."),
  advanceDue: z.boolean().describe("Whether the parent is decided, and final with the next action."),
  candidates: count.describe("Proven blocks in the ranking."),
  operationsDue: count.describe("Operations of the bridge that each block of the round begins with."),
  finalHeight: count.describe("The last final block; 0: genesis."),
});

export const roundSummary = z.object({
  round,
  parent: proposalId.nullable(),
  opens: seconds,
  isPipelined: z.boolean().describe("Whether its proposal window was the acceptance window of the height before."),
  commits: count,
  candidates: count,
  winner: proposalId.nullable().describe("The block that it made final; null: none, or not yet."),
  origin,
});

export const roundsQuery = z.strictObject(pageQuery);
export const rounds = page(roundSummary);

/** What may still become of a commit. */
export const COMMIT_STATES = ["committed", "revealed", "proven"] as const;

export const rankedCommit = z.object({
  proposalId,
  rank: z.int().positive().describe("1: it leads its round."),
  of: z.int().positive().describe("Commits of the round that may still win."),
  state: z.enum(COMMIT_STATES),
  round,
  parent: proposalId.nullable(),
  proposer: address,
  burnBid: bid,
  proverShareBps: bps,
  committedAt: seconds,
  provers: count.describe("Distinct eligible provers that it names."),
  reach: score.describe("What it has proven, or else the highest score that it can reach."),
  transfers: count.nullable().describe("Null until it is revealed."),
});

export const commits = answer({
  open: z.array(rankedCommit).describe("Of the open round, best first: what is proven before what is promised."),
  next: z.array(rankedCommit).describe("To the next height, best first."),
});
