import { keccak256, type ContractTransactionReceipt } from "ethers";
import { packTerms } from "../../protocol/terms.ts";
import { encodeTranscript } from "../../protocol/transcript.ts";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";
import { committedIn, type CommitParameters } from "./commit.ts";
import { openingOf, type Commitment } from "./commitment.ts";

/**
 * Commits to the next height once more, on the deposit of the sender's first commit to it, with another parent. Only
 * one of them can live.
 * @param first the lane's commit in this round
 */
export async function commitBranch(
  { rollup }: ChainClient,
  sender: From,
  { terms, orderCommitment, transcript }: CommitParameters,
  first: Commitment,
): Promise<{ receipt: ContractTransactionReceipt; commitment: Commitment }> {
  const encoded = encodeTranscript(transcript);
  const receipt = await send(
    "commitBranch",
    sender,
    rollup.commitBranch.populateTransaction(
      packTerms(terms),
      orderCommitment,
      encoded,
      openingOf(first),
      keccak256(first.transcript),
    ),
  );
  return { receipt, commitment: committedIn(rollup, receipt) };
}
