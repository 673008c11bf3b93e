import type { ContractTransactionReceipt, Signer } from "ethers";
import type { NodeProof } from "../../protocol/forest.ts";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";
import { openingOf, type Commitment } from "./commitment.ts";

/** The contract's `NodeProof`. */
export const nodeProofOf = ({ slot, beta, mask, contents, proof }: NodeProof) => ({
  slot,
  beta,
  mask,
  contents: [...contents],
  proof,
});

/** Delivers a node's proof straight to L1, in the acceptance window of a revealed proposal. By anyone. */
export async function handIn(
  { court }: ChainClient,
  signer: Signer,
  commitment: Commitment,
  node: NodeProof,
): Promise<ContractTransactionReceipt> {
  return transact("handIn", signer, (sender, overrides) =>
    court.connect(sender).handIn(openingOf(commitment), commitment.transcript, nodeProofOf(node), overrides),
  );
}
