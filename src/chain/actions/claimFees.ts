import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

/** Pays all fees that the sender has earned as a proposer to `to`. @returns `fees` in wei of the asset */
export async function claimFees(
  { bridge }: ChainClient,
  sender: From,
  to: string,
): Promise<{ receipt: ContractTransactionReceipt; fees: bigint }> {
  const receipt = await send("claimFees", sender, bridge.claimFees.populateTransaction(to));
  return { receipt, fees: eventOf(bridge, receipt, "FeesClaimed")["fees"] as bigint };
}
