import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Adds `amount` wei of the native token to a prover's stake. Only by its owner, and more than 0. */
export function addStake(
  { registry }: ChainClient,
  sender: From,
  index: number,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return send("addStake", sender, registry.addStake.populateTransaction(index, amount));
}
