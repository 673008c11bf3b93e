import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

/**
 * Pays all of the sender's rewards and fees to `to`.
 * @returns `rewards` in wei of the native token, `fees` in wei of the asset
 */
export async function claimProposer(
  { rollup }: ChainClient,
  signer: Signer,
  to: string,
): Promise<{ receipt: ContractTransactionReceipt; rewards: bigint; fees: bigint }> {
  const receipt = await transact("claimProposer", signer, (sender, overrides) => rollup.connect(sender).claimProposer(to, overrides));
  const event = eventOf(rollup, receipt, "ProposerClaimed");
  return { receipt, rewards: event["rewards"] as bigint, fees: event["fees"] as bigint };
}
