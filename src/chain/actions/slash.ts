import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

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
  signer: Signer,
  { proposalId, proverIndex, transcript }: SlashParameters,
): Promise<SlashReturn> {
  const receipt = await transact("slash", signer, (sender, overrides) =>
    court.connect(sender).slash(proposalId, proverIndex, transcript, overrides),
  );
  const { undelivered, voted, amount, burnt } = eventOf(court, receipt, "Slashed");
  return {
    receipt,
    undelivered: Number(undelivered),
    voted: Number(voted),
    amount: amount as bigint,
    burnt: burnt as bigint,
  };
}
