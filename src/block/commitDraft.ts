import { type ChainClient, commit, commitBranch, type Commitment, type From } from "../chain/index.ts";
import type { Vote } from "../protocol/vote.ts";
import { assignProvers, type ProverVote } from "./assign.ts";
import type { Draft } from "./draft.ts";
import type { Forest } from "../protocol/nodes.ts";
import type { Transcript } from "../protocol/transcript.ts";

/** A draft that L1 has taken. */
export interface CommittedBlock {
  readonly draft: Draft;
  readonly commitment: Commitment;
  readonly transcript: Transcript;
  /** In BID_UNIT. */
  readonly burnBid: bigint;
  /** Those that the transcript relies on. */
  readonly votes: readonly Vote[];
}

export interface CommitDraftParameters {
  readonly forest: Forest;
  readonly votes: readonly ProverVote[];
  readonly burnBid: bigint;
  /** Seat of the proposer of the block that the draft builds on, while that is not final; else 0. */
  readonly parentRef?: number;
  /**
   * The seat's commit to the same round with another parent, if there is one already: then this is a branch on the same
   * deposit.
   */
  readonly first?: Commitment;
}

/** Assigns the provers that voted for a draft and commits to it on L1 with a burn bid. */
export async function commitDraft(
  client: ChainClient,
  sender: From,
  draft: Draft,
  { forest, votes, burnBid, parentRef = 0, first }: CommitDraftParameters,
): Promise<CommittedBlock> {
  const maxSlots = Number(await client.registry.maxSlotsPerProver());
  const assignment = assignProvers(forest, votes, burnBid, maxSlots);
  const { transcript } = assignment;
  const { roundId, proverShareBps, orderCommitment } = draft.proposal;
  const parameters = { terms: { roundId, proverShareBps, burnBid, parentRef }, orderCommitment, transcript };
  const { commitment } =
    first === undefined
      ? await commit(client, sender, parameters)
      : await commitBranch(client, sender, parameters, first);
  return { draft, commitment, transcript, burnBid, votes: [...assignment.votes.values()] };
}
