import type { ProverVote } from "../../../src/block/assign.ts";
import { roundId } from "../../../src/protocol/round.ts";
import {
  type L1View,
  NO_PROPOSALS,
  type ProposerEntry,
  proposerOwn,
  type ProposerOwn,
  type ProposerView,
} from "../../../src/roles/index.ts";
import type { CommitEntry, DraftEntry } from "../../../src/roles/proposer/own.ts";
import { ECONOMY, forest, keyOfProver, OPENS, PARENT, ROUND_NUMBER, SLOTS } from "../views.ts";

/** proposalId of the block of "me". */
export const MINE = 77n;

/** roundId of the round that `l1Of("Proposing")` takes commits to. */
export const ROUND_ID = roundId({ height: 3, attempt: 1 });

/** What "me" sees that has done and heard nothing. It knows the states after the last block and after 1, 2 and 3. */
export const viewOf = (l1: L1View, change: Partial<ProposerView> = {}): ProposerView => ({
  ...{ l1, forest, economy: ECONOMY, me: "me" },
  ...{ balance: 0n, rewards: 0n, fees: 0n, lanesInUse: [false, false], deposits: [1_000n, 1_000n] },
  ...{ votes: new Map(), offers: [], voters: new Map(), values: new Map(), proofs: new Map() },
  ...{ sent: new Set(), refused: new Set(), buildable: new Set([PARENT, 1n, 2n, 3n]) },
  ...change,
});

export const draftOf = (change: Partial<DraftEntry> = {}): DraftEntry => ({
  ...{ kind: "draft", roundNumber: ROUND_NUMBER, roundId: ROUND_ID, parent: PARENT, due: { first: 0, count: 0 } },
  ...{ proverShareBps: 5_000, burnBid: 10n, orderCommitment: "0x01", proposalId: MINE, salt: "0x02" },
  ...{ txsRoot: 1n, txCount: 0n, operations: "0x", elements: [], blobs: [], draftedAt: OPENS },
  ...change,
});

/** What was decided to be sent: a commit in which prover 1 alone has a slot. */
export const intentOf = (change: Partial<CommitEntry> = {}): CommitEntry => ({
  ...{ kind: "commit", roundNumber: ROUND_NUMBER, proposalId: MINE, burnBid: 10n },
  ...{ transcript: [1, 0, 0, 0, 0, 0, 0], votes: [] },
  ...change,
});

export const ownOf = (...entries: ProposerEntry[]): ProposerOwn => entries.reduce(proposerOwn, NO_PROPOSALS);

/** A vote for the whole forest, whose signature nobody looks at. */
export const voteOf = (prover: number, change: Partial<ProverVote["vote"]> = {}): ProverVote => ({
  prover,
  vote: {
    ...{ proposalId: MINE, depth: 0, index: 0, capacity: SLOTS, minBurnBid: 1n },
    key: { x: 0n, y: keyOfProver(prover) },
    signature: { r8: { x: 0n, y: 0n }, s: 0n },
    ...change,
  },
});

/** Votes that were heard for a block. */
export const votesFor = (proposalId: bigint, ...provers: readonly number[]): Pick<ProposerView, "votes"> => ({
  votes: new Map([[proposalId, provers.map((prover) => voteOf(prover, { proposalId }))]]),
});
