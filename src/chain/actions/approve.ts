import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Lets `spender` pull `amount` wei of the sender's native tokens. */
export function approve(
  { token }: ChainClient,
  sender: From,
  spender: string,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return send("approve", sender, token.approve.populateTransaction(spender, amount));
}
