import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Returns a prover's stake to its owner, the sender, once the exit delay is over. */
export function withdrawStake(
  { registry }: ChainClient,
  sender: From,
  index: number,
): Promise<ContractTransactionReceipt> {
  return send("withdraw", sender, registry.withdraw.populateTransaction(index));
}
