import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventsOf } from "../events.ts";
import { transact } from "../transact.ts";

/**
 * Pays a prover's shares of rounds to its owner, where a payout policy divides rewards. By anyone.
 * @param roundNumbers of the rounds, see `RoundState.roundNumber`
 * @returns `amount` in wei of the native token
 */
export async function claimRounds(
  { rollup }: ChainClient,
  signer: Signer,
  proverIndex: number,
  roundNumbers: readonly bigint[],
): Promise<{ receipt: ContractTransactionReceipt; amount: bigint }> {
  const receipt = await transact("claimRounds", signer, (sender, overrides) =>
    rollup.connect(sender).claimRounds(proverIndex, [...roundNumbers], overrides),
  );
  const amounts = eventsOf(rollup, receipt, "RoundClaimed").map((event) => event["amount"] as bigint);
  return { receipt, amount: amounts.reduce((sum, amount) => sum + amount, 0n) };
}
