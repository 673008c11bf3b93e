import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Makes a prover ineligible in later rounds and starts its exit delay. Only by its owner. */
export function requestExit(
  { registry }: ChainClient,
  sender: From,
  index: number,
): Promise<ContractTransactionReceipt> {
  return send("requestExit", sender, registry.requestExit.populateTransaction(index));
}
