import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

/**
 * Pays an operation that no block of a frozen chain has executed back to its owner: the fee, and what it deposited. By
 * anyone, once.
 * @param encoded 60 bytes as hexadecimal
 * @returns `amount` in wei of the asset
 */
export async function refund(
  { bridge }: ChainClient,
  signer: Signer,
  index: number,
  encoded: string,
): Promise<{ receipt: ContractTransactionReceipt; amount: bigint }> {
  const receipt = await transact("refund", signer, (sender, overrides) =>
    bridge.connect(sender).refund(index, encoded, overrides),
  );
  return { receipt, amount: eventOf(bridge, receipt, "Refunded")["amount"] as bigint };
}
