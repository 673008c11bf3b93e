import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Pulls `amount` BID_UNITs of the native token into the sender's lane for heights of this parity. */
export function deposit(
  { rollup }: ChainClient,
  sender: From,
  lane: 0 | 1,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return send("deposit", sender, rollup.deposit.populateTransaction(lane, amount));
}
