import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventsOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

/** Slots of one paid candidate that a prover fulfilled. */
export interface ProverClaim {
  readonly proposalId: bigint;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  readonly slots: readonly number[];
}

/**
 * Pays a prover's slots of any number of rounds to its owner. By anyone. Under fair pay a claim names one slot,
 * whichever it is.
 * @returns `amount` in wei of the native token
 */
export async function claimProver(
  { rollup }: ChainClient,
  sender: From,
  proverIndex: number,
  claims: readonly ProverClaim[],
): Promise<{ receipt: ContractTransactionReceipt; amount: bigint }> {
  const receipt = await send(
    "claimProver",
    sender,
    rollup.claimProver.populateTransaction(
      proverIndex,
      claims.map((claim) => ({ ...claim, slots: [...claim.slots] })),
    ),
  );
  const amounts = eventsOf(rollup, receipt, "ProverClaimed").map((event) => event["amount"] as bigint);
  return { receipt, amount: amounts.reduce((sum, amount) => sum + amount, 0n) };
}
