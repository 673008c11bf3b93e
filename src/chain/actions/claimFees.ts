import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

/** Pays all fees that the sender has earned as a proposer to `to`. @returns `fees` in wei of the asset */
export async function claimFees(
  { bridge }: ChainClient,
  signer: Signer,
  to: string,
): Promise<{ receipt: ContractTransactionReceipt; fees: bigint }> {
  const receipt = await transact("claimFees", signer, (sender, overrides) =>
    bridge.connect(sender).claimFees(to, overrides),
  );
  return { receipt, fees: eventOf(bridge, receipt, "FeesClaimed")["fees"] as bigint };
}
