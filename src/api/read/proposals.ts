import type { z } from "zod";
import { toHex32 } from "../../protocol/hex.ts";
import { score } from "../../protocol/score.ts";
import { roundOf } from "../../protocol/round.ts";
import type { ProposalMessage } from "../../gossip/index.ts";
import { type Hearing, type L1Commit, type L1View, ranking } from "../../roles/index.ts";
import type { Sql } from "../index/sql.ts";
import type { proposal, rankedCommit, vote } from "../schema/index.ts";
import { listOf, parentOf } from "./blocks.ts";
import { voteKey } from "./voteKey.ts";

type RankedCommit = z.infer<typeof rankedCommit>;
type Proposal = z.infer<typeof proposal>;

/** What a commit can still reach: what it has proven, or what it has promised. */
const reachOf = ({ candidate, provers, commitment }: L1Commit): bigint =>
  candidate?.score ?? score(provers, commitment.terms.burnBid);

const stateOf = ({ candidate, reveal }: L1Commit): RankedCommit["state"] =>
  candidate !== undefined ? "proven" : reveal !== undefined ? "revealed" : "committed";

/** The commits that may still win, best first. */
export function readCommits(l1: L1View): { open: RankedCommit[]; next: RankedCommit[] } {
  const next = [...l1.next].sort((a, b) => {
    const [x, y] = [reachOf(a), reachOf(b)];
    return x === y ? Number(a.commitment.committedAt - b.commitment.committedAt) : x > y ? -1 : 1;
  });
  return { open: rank(ranking(l1)), next: rank(next) };
}

function rank(commits: readonly L1Commit[]): RankedCommit[] {
  return commits.map((commit, i) => {
    const { commitment, provers, reveal, parent } = commit;
    const { roundId, burnBid, proverShareBps } = commitment.terms;
    return {
      ...{ proposalId: toHex32(commit.proposalId), rank: i + 1, of: commits.length, state: stateOf(commit) },
      ...{ round: roundOf(roundId), parent: parentOf(toHex32(parent)), proposer: commitment.proposer },
      ...{ burnBid: burnBid.toString(), proverShareBps, committedAt: Number(commitment.committedAt), provers },
      reach: reachOf(commit).toString(),
      transfers: reveal === undefined ? null : Number(reveal.txCount),
    };
  });
}

/** All proposals that may still win: commits of both rounds, then those that were heard of. */
export function readProposals(l1: L1View, hearing: Hearing): Proposal[] {
  const commits = [...l1.open, ...l1.next];
  const committed = new Set(commits.map(({ proposalId }) => proposalId));
  const offered = [...hearing.proposals].filter(([id]) => !committed.has(id));
  return [
    ...commits.map((commit) => committedProposal(commit, hearing)),
    ...offered.map(([id, offer]) => offeredProposal(id, offer, hearing)),
  ];
}

/** A proposal, also of a round that is over. */
export function readProposal(sql: Sql, l1: L1View, hearing: Hearing, id: string): Proposal | undefined {
  const number = BigInt(id);
  const commit = [...l1.open, ...l1.next].find(({ proposalId }) => proposalId === number);
  if (commit !== undefined) return committedProposal(commit, hearing);
  const offer = hearing.proposals.get(number);
  return offer === undefined ? pastProposal(sql, id) : offeredProposal(number, offer, hearing);
}

function committedProposal(commit: L1Commit, hearing: Hearing): Proposal {
  const { commitment, proposalId, parent, reveal, candidate } = commit;
  const { terms, orderCommitment, proposer, committedAt } = commitment;
  return {
    ...{ proposalId: toHex32(proposalId), state: stateOf(commit), round: roundOf(terms.roundId) },
    ...{ parent: parentOf(toHex32(parent)), proposer, orderCommitment, proverShareBps: terms.proverShareBps },
    ...{ burnBid: terms.burnBid.toString(), committedAt: Number(committedAt), ...heard(hearing, proposalId) },
    score: candidate === undefined ? null : candidate.score.toString(),
    transfers: reveal === undefined ? null : Number(reveal.txCount),
    blobs: [...(reveal?.blobHashes ?? [])],
  };
}

function offeredProposal(id: bigint, { proposal: offer, burnBid }: ProposalMessage, hearing: Hearing): Proposal {
  const { roundId, parent, proposer, orderCommitment, proverShareBps } = offer;
  return {
    ...{ proposalId: toHex32(id), state: "offered", round: roundOf(roundId), parent: parentOf(toHex32(parent)) },
    ...{ proposer, orderCommitment, proverShareBps, burnBid: burnBid.toString(), committedAt: null },
    ...{ ...heard(hearing, id), score: null, transfers: null, blobs: [] },
  };
}

const heard = (hearing: Hearing, id: bigint) => ({
  votes: hearing.votes.get(id)?.length ?? 0,
  proofs: hearing.proofs.get(id)?.length ?? 0,
});

interface PastRow {
  readonly height: number;
  readonly attempt: number;
  readonly tx_count: number;
  readonly blobs: string;
  readonly parent: string;
  readonly proposer: string;
  readonly order_commitment: string;
  readonly share_bps: number;
  readonly burn_bid: string;
  readonly committed_at: number;
  readonly score: string | null;
  readonly place: number | null;
}

function pastProposal(sql: Sql, id: string): Proposal | undefined {
  const row = sql.get<PastRow>(
    `SELECT r.height, r.attempt, r.tx_count, r.blobs, o.parent, k.proposer, k.order_commitment, k.share_bps,
       k.burn_bid, k.committed_at, p.place,
       (SELECT score FROM candidates WHERE proposal = r.proposal ORDER BY at DESC LIMIT 1) AS score
     FROM reveals r JOIN commits k ON k.at = r.commit_at
     JOIN rounds o ON o.at = (SELECT MAX(at) FROM rounds WHERE height = r.height AND attempt = r.attempt)
     LEFT JOIN payments p ON p.proposal = r.proposal WHERE r.proposal = ?`,
    id,
  );
  if (row === undefined) return undefined;
  return {
    ...{ proposalId: id, state: row.place === null ? "lost" : row.place === 0 ? "final" : "uncle" },
    ...{ round: { height: row.height, attempt: row.attempt }, parent: parentOf(row.parent), proposer: row.proposer },
    ...{ orderCommitment: row.order_commitment, proverShareBps: row.share_bps, burnBid: row.burn_bid },
    ...{ committedAt: row.committed_at, votes: 0, proofs: 0, score: row.score },
    ...{ transfers: row.tx_count, blobs: listOf(row.blobs) },
  };
}

/** The votes for a proposal that were heard. */
export function readVotes(l1: L1View, hearing: Hearing, id: string): z.infer<typeof vote>[] {
  const provers = new Map(l1.provers.map(({ key, index }) => [key, index]));
  return (hearing.votes.get(BigInt(id)) ?? []).map((each) => {
    const { depth, index, capacity, minBurnBid } = each;
    const hashed = voteKey(each);
    return {
      ...{ prover: provers.get(hashed) ?? null, key: toHex32(hashed), depth, index, capacity },
      minBurnBid: minBurnBid.toString(),
    };
  });
}
