import type { ContractTransactionReceipt, Signer } from "ethers";
import type { RelayedCommit } from "../../protocol/commitSignature.ts";
import { packTerms } from "../../protocol/terms.ts";
import { encodeTranscript } from "../../protocol/transcript.ts";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";
import { committedIn } from "./commit.ts";
import type { Commitment } from "./commitment.ts";

/** Sends a commit that its proposer only signed. By anyone. @param signature see `signCommit` */
export async function relayCommit(
  { relay, rollup }: ChainClient,
  signer: Signer,
  { proposer, terms, orderCommitment, transcript, roundNumber }: RelayedCommit,
  signature: string,
): Promise<{ receipt: ContractTransactionReceipt; commitment: Commitment }> {
  const encoded = encodeTranscript(transcript);
  const receipt = await transact("relayCommit", signer, (sender, overrides) =>
    relay
      .connect(sender)
      .relay(rollup, proposer, packTerms(terms), orderCommitment, encoded, roundNumber, signature, overrides),
  );
  return { receipt, commitment: committedIn(rollup, receipt) };
}
