import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

/**
 * Pays an operation that no block of a frozen chain has executed back to its owner: the fee, and what it deposited. By
 * anyone, once.
 * @param encoded 60 bytes as hexadecimal
 * @returns `amount` in wei of the asset
 */
export async function refund(
  { bridge }: ChainClient,
  sender: From,
  index: number,
  encoded: string,
): Promise<{ receipt: ContractTransactionReceipt; amount: bigint }> {
  const receipt = await send("refund", sender, bridge.refund.populateTransaction(index, encoded));
  return { receipt, amount: eventOf(bridge, receipt, "Refunded")["amount"] as bigint };
}
