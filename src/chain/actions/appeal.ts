import type { ContractTransactionReceipt, Signer } from "ethers";
import type { NodeProof } from "../../protocol/forest.ts";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";
import { nodeProofOf } from "./handIn.ts";

/** A late proof of an undelivered slot of a candidate: leaves the no-show fee. By anyone, in the appeal window. */
export async function appeal(
  { court }: ChainClient,
  signer: Signer,
  proposalId: bigint,
  transcript: string,
  node: NodeProof,
): Promise<ContractTransactionReceipt> {
  return transact("appeal", signer, (sender, overrides) =>
    court.connect(sender).appeal(proposalId, transcript, nodeProofOf(node), overrides),
  );
}
