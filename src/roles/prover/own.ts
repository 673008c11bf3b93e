import { z } from "zod";
import { hexString } from "../hexString.ts";
import type { L1View } from "../l1View.ts";
import type { Memory } from "../memory.ts";
import { planName } from "../plan.ts";

/** A promise. Written before it is said, so that what was said is never more than what is known here. */
const voteEntry = z.strictObject({
  kind: z.literal("vote"),
  roundNumber: z.bigint(),
  proposalId: z.bigint(),
  /**
   * Address of who offered it, and proposalId of what it builds on: of its offers there one can be committed. Left out
   * of votes that another program cast.
   */
  proposer: z.string().optional(),
  parent: z.bigint().optional(),
  capacity: z.number().int(),
  /** `encodeVote` */
  vote: hexString,
});

/** The votes that were heard for a block that was committed. They are said once, and proofs of merges show them. */
const ballotEntry = z.strictObject({
  kind: z.literal("ballot"),
  roundNumber: z.bigint(),
  proposalId: z.bigint(),
  /** `encodeVote` */
  votes: z.array(hexString),
});

/** A proof that was made. Written before it is published: no node is proven twice. */
const proofEntry = z.strictObject({
  kind: z.literal("proof"),
  roundNumber: z.bigint(),
  proposalId: z.bigint(),
  slot: z.number().int(),
  /** `planName` of what it proves a node of: after a reorganisation of L1 the block may be another one. */
  plan: z.string().default(""),
  mask: z.bigint(),
  workerKey: z.bigint(),
  beta: z.bigint(),
  proof: hexString,
});

export const proverEntry = z.discriminatedUnion("kind", [voteEntry, ballotEntry, proofEntry]);

export type VoteEntry = Readonly<z.output<typeof voteEntry>>;
export type BallotEntry = Readonly<z.output<typeof ballotEntry>>;
export type ProofEntry = Readonly<z.output<typeof proofEntry>>;
export type ProverEntry = VoteEntry | BallotEntry | ProofEntry;

/** What a prover has promised and made, as far as it matters still. */
export interface ProverOwn {
  readonly votes: readonly VoteEntry[];
  readonly ballots: readonly BallotEntry[];
  readonly proofs: readonly ProofEntry[];
}

export type ProverMemory = Memory<ProverEntry, ProverOwn>;

export const NO_DUTIES: ProverOwn = { votes: [], ballots: [], proofs: [] };

/** The pure fold of a prover's journal. */
export function proverOwn(own: ProverOwn, entry: ProverEntry): ProverOwn {
  switch (entry.kind) {
    case "vote":
      return { ...own, votes: [...own.votes, entry] };
    case "ballot":
      return { ...own, ballots: [...own.ballots, entry] };
    case "proof":
      return { ...own, proofs: [...own.proofs, entry] };
  }
}

/** What it has done, without proofs for what L1 has taken back. */
export function ownAt(l1: L1View, own: ProverOwn): ProverOwn {
  const names = new Map(l1.open.map((commit) => [commit.proposalId, planName(l1, commit)]));
  const isGood = ({ proposalId, plan }: ProofEntry): boolean => (names.get(proposalId) ?? plan) === plan;
  return { ...own, proofs: own.proofs.filter(isGood) };
}
