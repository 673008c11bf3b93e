import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

export interface SlashParameters {
  readonly proposalId: bigint;
  readonly proverIndex: number;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
}

export interface SlashReturn {
  readonly receipt: ContractTransactionReceipt;
  /** Slots that the prover voted for and did not deliver. */
  readonly undelivered: number;
  /** All that it voted for. */
  readonly voted: number;
  /** What it owes for the candidate, wei. */
  readonly amount: bigint;
  /** Wei; less where its round was charged already, or the stake did not cover it. */
  readonly burnt: bigint;
}

/**
 * Charges a prover for what it voted for in a candidate and did not deliver. By anyone, in the slash window, once for
 * each candidate and prover.
 */
export async function slash(
  { court }: ChainClient,
  sender: From,
  { proposalId, proverIndex, transcript }: SlashParameters,
): Promise<SlashReturn> {
  const receipt = await send("slash", sender, court.slash.populateTransaction(proposalId, proverIndex, transcript));
  const { undelivered, voted, amount, burnt } = eventOf(court, receipt, "Slashed");
  return {
    receipt,
    undelivered: Number(undelivered),
    voted: Number(voted),
    amount: amount as bigint,
    burnt: burnt as bigint,
  };
}
