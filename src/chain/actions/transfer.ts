import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Sends `amount` wei of the native token to `to`. */
export function transfer(
  { token }: ChainClient,
  sender: From,
  to: string,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return send("transfer", sender, token.transfer.populateTransaction(to, amount));
}
