import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Makes a prover ineligible in later rounds and starts its exit delay. Only by its owner. */
export function requestExit(
  { registry }: ChainClient,
  signer: Signer,
  index: number,
): Promise<ContractTransactionReceipt> {
  return transact("requestExit", signer, (sender, overrides) => registry.connect(sender).requestExit(index, overrides));
}
