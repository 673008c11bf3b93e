import { z } from "zod";
import { hexString } from "../hexString.ts";

/** A promise. Written before it is said, so that what was said is never more than what is known here. */
const voteEntry = z.strictObject({
  kind: z.literal("vote"),
  roundNumber: z.bigint(),
  proposalId: z.bigint(),
  capacity: z.number().int(),
  /** `encodeVote` */
  vote: hexString,
});

/** What proving a block takes. It is said once, and needed until the block is decided. */
const witnessEntry = z.strictObject({
  kind: z.literal("witness"),
  roundNumber: z.bigint(),
  proposalId: z.bigint(),
  /** The body of the message, see `encodeMessage`. */
  witness: hexString,
});

/** A proof that was made. Written before it is published: no node is proven twice. */
const proofEntry = z.strictObject({
  kind: z.literal("proof"),
  roundNumber: z.bigint(),
  proposalId: z.bigint(),
  slot: z.number().int(),
  workerKey: z.bigint(),
  beta: z.bigint(),
  proof: hexString,
});

export const proverEntry = z.discriminatedUnion("kind", [voteEntry, witnessEntry, proofEntry]);

export type VoteEntry = Readonly<z.output<typeof voteEntry>>;
export type WitnessEntry = Readonly<z.output<typeof witnessEntry>>;
export type ProofEntry = Readonly<z.output<typeof proofEntry>>;
export type ProverEntry = VoteEntry | WitnessEntry | ProofEntry;

/** What a prover has promised and made, as far as it matters still. */
export interface ProverOwn {
  readonly votes: readonly VoteEntry[];
  readonly witnesses: readonly WitnessEntry[];
  readonly proofs: readonly ProofEntry[];
}

export const NO_DUTIES: ProverOwn = { votes: [], witnesses: [], proofs: [] };

/** The pure fold of a prover's journal. */
export function proverOwn(own: ProverOwn, entry: ProverEntry): ProverOwn {
  switch (entry.kind) {
    case "vote":
      return { ...own, votes: [...own.votes, entry] };
    case "witness":
      return { ...own, witnesses: [...own.witnesses, entry] };
    case "proof":
      return { ...own, proofs: [...own.proofs, entry] };
  }
}
