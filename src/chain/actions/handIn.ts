import type { ContractTransactionReceipt, Signer } from "ethers";
import { openContents } from "../../protocol/contents.ts";
import type { NodeProof } from "../../protocol/forest.ts";
import { childSlots } from "../../protocol/nodes.ts";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";
import { openingOf, type Commitment } from "./commitment.ts";

/** Delivers a node's proof straight to L1, in the acceptance window of a revealed proposal. By anyone. */
export async function handIn(
  { court, deployment: { profile } }: ChainClient,
  signer: Signer,
  commitment: Commitment,
  { slot, beta, mask, contents, proof }: NodeProof,
): Promise<ContractTransactionReceipt> {
  const { hashes, opened, contents: shown } = openContents(contents, [slot, ...childSlots(profile, slot)]);
  const groups = { hashes: [...hashes], opened, contents: [...shown] };
  const nodes = [{ slot, isAnonymous: false, beta, mask }];
  return transact("handIn", signer, (sender, overrides) =>
    court.connect(sender).handIn(openingOf(commitment), commitment.transcript, groups, nodes, proof, overrides),
  );
}
