import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

/**
 * Pays all of the sender's rewards to `to`; its fees are with the bridge, see `claimFees`.
 * @returns `rewards` in wei of the native token
 */
export async function claimProposer(
  { rollup }: ChainClient,
  sender: From,
  to: string,
): Promise<{ receipt: ContractTransactionReceipt; rewards: bigint }> {
  const receipt = await send("claimProposer", sender, rollup.claimProposer.populateTransaction(to));
  return { receipt, rewards: eventOf(rollup, receipt, "ProposerClaimed")["rewards"] as bigint };
}
