import type { ContractTransactionReceipt, Signer } from "ethers";
import { packTerms, type Terms } from "../../protocol/terms.ts";
import { encodeTranscript, type Transcript } from "../../protocol/transcript.ts";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";
import type { Commitment } from "./commitment.ts";

export interface CommitParameters {
  readonly terms: Terms;
  readonly orderCommitment: string;
  readonly transcript: Transcript;
}

/** Commits to a secret order, an offer and an assignment of provers. */
export async function commit(
  { rollup }: ChainClient,
  signer: Signer,
  { terms, orderCommitment, transcript }: CommitParameters,
): Promise<{ receipt: ContractTransactionReceipt; commitment: Commitment }> {
  const encoded = encodeTranscript(transcript);
  const receipt = await transact("commit", signer, (sender, overrides) =>
    rollup.connect(sender).commit(packTerms(terms), orderCommitment, encoded, overrides),
  );
  const { proposer, committedAt } = eventOf(rollup, receipt, "Committed") as unknown as { proposer: string; committedAt: bigint };
  return { receipt, commitment: { proposer, terms, orderCommitment, transcript: encoded, committedAt } };
}
