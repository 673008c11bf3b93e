import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

export interface RedeemParameters {
  readonly proverIndex: number;
  /** Of a paid block, later than the prover's last miss, in which it kept all that it had promised. */
  readonly proposalId: bigint;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
}

/** Takes one miss of a prover away. By anyone. @returns the `misses` that are left */
export async function redeem(
  { court }: ChainClient,
  sender: From,
  { proverIndex, proposalId, transcript }: RedeemParameters,
): Promise<{ receipt: ContractTransactionReceipt; misses: number }> {
  const receipt = await send("redeem", sender, court.redeem.populateTransaction(proverIndex, proposalId, transcript));
  return { receipt, misses: Number(eventOf(court, receipt, "Redeemed")["misses"]) };
}
