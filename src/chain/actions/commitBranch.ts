import { keccak256, type ContractTransactionReceipt, type Signer } from "ethers";
import { packTerms } from "../../protocol/terms.ts";
import { encodeTranscript } from "../../protocol/transcript.ts";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";
import { committedIn, type CommitParameters } from "./commit.ts";
import { openingOf, type Commitment } from "./commitment.ts";

/**
 * Commits to the next height once more, on the deposit of the sender's first commit to it, with another parent. Only
 * one of them can live.
 * @param first the lane's commit in this round
 */
export async function commitBranch(
  { rollup }: ChainClient,
  signer: Signer,
  { terms, orderCommitment, transcript }: CommitParameters,
  first: Commitment,
): Promise<{ receipt: ContractTransactionReceipt; commitment: Commitment }> {
  const encoded = encodeTranscript(transcript);
  const receipt = await transact("commitBranch", signer, (sender, overrides) =>
    rollup
      .connect(sender)
      .commitBranch(
        packTerms(terms),
        orderCommitment,
        encoded,
        openingOf(first),
        keccak256(first.transcript),
        overrides,
      ),
  );
  return { receipt, commitment: committedIn(rollup, receipt) };
}
