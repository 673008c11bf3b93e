import type { ContractTransactionReceipt } from "ethers";
import type { RelayedCommit } from "../../protocol/commitSignature.ts";
import { packTerms } from "../../protocol/terms.ts";
import { encodeTranscript } from "../../protocol/transcript.ts";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";
import { committedIn } from "./commit.ts";
import type { Commitment } from "./commitment.ts";

/** Sends a commit that its proposer only signed. By anyone. @param signature see `signCommit` */
export async function relayCommit(
  { relay, rollup }: ChainClient,
  sender: From,
  { proposer, terms, orderCommitment, transcript, roundNumber }: RelayedCommit,
  signature: string,
): Promise<{ receipt: ContractTransactionReceipt; commitment: Commitment }> {
  const encoded = encodeTranscript(transcript);
  const receipt = await send(
    "relayCommit",
    sender,
    relay.relay.populateTransaction(
      rollup,
      proposer,
      packTerms(terms),
      orderCommitment,
      encoded,
      roundNumber,
      signature,
    ),
  );
  return { receipt, commitment: committedIn(rollup, receipt) };
}
