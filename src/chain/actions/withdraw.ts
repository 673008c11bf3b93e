import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Returns `amount` BID_UNITs from a lane of the sender that backs no commit of the open round. */
export function withdraw(
  { rollup }: ChainClient,
  sender: From,
  lane: 0 | 1,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return send("withdraw", sender, rollup.withdraw.populateTransaction(lane, amount));
}
