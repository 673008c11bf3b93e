import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";
import type { ProverClaim } from "./claimProver.ts";

/**
 * Takes one miss of a prover away for each slot that it fulfilled since. By anyone.
 * @returns the `misses` that are left
 */
export async function redeem(
  { court }: ChainClient,
  signer: Signer,
  proverIndex: number,
  { proposalId, transcript, slots }: ProverClaim,
): Promise<{ receipt: ContractTransactionReceipt; misses: number }> {
  const receipt = await transact("redeem", signer, (sender, overrides) =>
    court.connect(sender).redeem(proverIndex, proposalId, transcript, [...slots], overrides),
  );
  return { receipt, misses: Number(eventOf(court, receipt, "Redeemed")["misses"]) };
}
