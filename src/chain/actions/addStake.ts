import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Adds `amount` wei of the native token to a prover's stake. Only by its owner, and more than 0. */
export function addStake(
  { registry }: ChainClient,
  signer: Signer,
  index: number,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return transact("addStake", signer, (sender, overrides) =>
    registry.connect(sender).addStake(index, amount, overrides),
  );
}
