import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Returns a prover's stake to its owner, the sender, once the exit delay is over. */
export function withdrawStake(
  { registry }: ChainClient,
  signer: Signer,
  index: number,
): Promise<ContractTransactionReceipt> {
  return transact("withdraw", signer, (sender, overrides) => registry.connect(sender).withdraw(index, overrides));
}
