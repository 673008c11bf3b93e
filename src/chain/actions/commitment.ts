import { packTerms, type Terms } from "../../protocol/terms.ts";

/** A commit as L1 has it: what `reveal` and `submitProof` have to open. */
export interface Commitment {
  /** Address. */
  readonly proposer: string;
  readonly terms: Terms;
  readonly orderCommitment: string;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  /** Unix seconds. */
  readonly committedAt: bigint;
}

/** The contract's `Opening`. */
export const openingOf = ({ proposer, terms, orderCommitment, committedAt }: Commitment) => ({
  proposer,
  terms: packTerms(terms),
  orderCommitment,
  committedAt,
});
