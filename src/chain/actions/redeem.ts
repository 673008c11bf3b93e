import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

/**
 * Takes one miss of a prover away for a later block in which it kept its word. By anyone.
 * @returns the `misses` that are left
 */
export async function redeem(
  { court }: ChainClient,
  signer: Signer,
  proverIndex: number,
  { proposalId, transcript }: { readonly proposalId: bigint; readonly transcript: string },
): Promise<{ receipt: ContractTransactionReceipt; misses: number }> {
  const receipt = await transact("redeem", signer, (sender, overrides) =>
    court.connect(sender).redeem(proverIndex, proposalId, transcript, overrides),
  );
  return { receipt, misses: Number(eventOf(court, receipt, "Redeemed")["misses"]) };
}
