import type { ContractTransactionReceipt } from "ethers";
import type { Rollup } from "../../../typechain-types/index.ts";
import { packTerms, unpackTerms, type Terms } from "../../protocol/terms.ts";
import { encodeTranscript, type Transcript } from "../../protocol/transcript.ts";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";
import type { Commitment } from "./commitment.ts";

export interface CommitParameters {
  readonly terms: Terms;
  readonly orderCommitment: string;
  readonly transcript: Transcript;
}

/** Commits to a secret order, an offer and an assignment of provers. */
export async function commit(
  { rollup }: ChainClient,
  sender: From,
  { terms, orderCommitment, transcript }: CommitParameters,
): Promise<{ receipt: ContractTransactionReceipt; commitment: Commitment }> {
  const encoded = encodeTranscript(transcript);
  const receipt = await send(
    "commit",
    sender,
    rollup.commit.populateTransaction(packTerms(terms), orderCommitment, encoded),
  );
  return { receipt, commitment: committedIn(rollup, receipt) };
}

/** The commit that a transaction made. */
export function committedIn(rollup: Rollup, receipt: ContractTransactionReceipt): Commitment {
  const { terms, ...commitment } = eventOf(rollup, receipt, "Committed").toObject() as unknown as Omit<
    Commitment,
    "terms"
  > & {
    terms: bigint;
  };
  return { ...commitment, terms: unpackTerms(terms) };
}
