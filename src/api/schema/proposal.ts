import { z } from "zod";
import { COMMIT_STATES } from "./round.ts";
import {
  address,
  answer,
  bid,
  bps,
  count,
  decimal,
  hash,
  key,
  page,
  pageQuery,
  proposalId,
  round,
  seconds,
} from "./values.ts";

/** `offered`: heard of, not committed. `lost`: decided, and neither won nor paid. */
export const PROPOSAL_STATES = ["offered", ...COMMIT_STATES, "final", "uncle", "lost"] as const;

export const proposal = z.object({
  proposalId,
  state: z.enum(PROPOSAL_STATES),
  round,
  parent: proposalId.nullable(),
  proposer: address,
  orderCommitment: hash,
  proverShareBps: bps,
  burnBid: bid.describe("In BID_UNIT (10^14 wei of the native token): what is bid, or what its proposer means to bid."),
  committedAt: seconds.nullable(),
  votes: count.describe("Votes that were heard."),
  proofs: count.describe("Proofs that were heard."),
  score: decimal.nullable().describe("Proven; null: nothing is."),
  transfers: count.nullable().describe("Null until it is revealed."),
  blobs: z.array(hash).describe("Versioned hashes, once it is revealed."),
});

export const proposalParams = z.object({ proposalId });
export const proposalAnswer = answer({ proposal });
export const proposalsQuery = z.strictObject(pageQuery);
export const proposals = page(proposal);

export const vote = z.object({
  prover: z.int().positive().nullable().describe("Index in the registry; null: not registered any more."),
  key,
  depth: count.describe("Of the sub-tree that it is for; 0: all of it."),
  index: count,
  capacity: count.describe("Nodes that the prover promises at most."),
  minBurnBid: bid,
});

export const votesQuery = z.strictObject(pageQuery);
export const votes = page(vote);

/** What is known of a node, the most that is: each follows those before. */
export const NODE_STATES = ["unassigned", "assigned", "voted", "proofHeard", "delivered"] as const;

export const node = z.object({
  slot: count,
  depth: count,
  index: count,
  state: z.enum(NODE_STATES),
  prover: z.int().positive().nullable().describe("Index in the registry of whom it is assigned to; null: nobody."),
  key: key.nullable().describe("Null: nobody, or not eligible."),
  voteHeard: z.boolean().describe("Whether a vote of its prover was heard that covers it."),
  voted: z.boolean().describe("Whether L1 has seen a vote for it."),
  proofHeard: z.boolean().describe("Whether a proof of it was heard. It is not checked here."),
  delivered: z.boolean().describe("Whether L1 has a proof by its own prover."),
});

export const forestQuery = z.strictObject(pageQuery);
export const forest = page(node).extend({
  arity: count,
  levels: count,
  slots: count,
});
