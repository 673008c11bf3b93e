import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

/**
 * Pays all of the sender's rewards to `to`; its fees are with the bridge, see `claimFees`.
 * @returns `rewards` in wei of the native token
 */
export async function claimProposer(
  { rollup }: ChainClient,
  signer: Signer,
  to: string,
): Promise<{ receipt: ContractTransactionReceipt; rewards: bigint }> {
  const receipt = await transact("claimProposer", signer, (sender, overrides) =>
    rollup.connect(sender).claimProposer(to, overrides),
  );
  return { receipt, rewards: eventOf(rollup, receipt, "ProposerClaimed")["rewards"] as bigint };
}
