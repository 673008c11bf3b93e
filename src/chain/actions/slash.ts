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

/**
 * Charges a prover for what it voted for and did not deliver in a candidate. By anyone, in the slash window.
 * @returns `burnt` in wei
 */
export async function slash(
  { court }: ChainClient,
  signer: Signer,
  { proposalId, proverIndex, transcript }: SlashParameters,
): Promise<{ receipt: ContractTransactionReceipt; burnt: bigint }> {
  const receipt = await transact("slash", signer, (sender, overrides) =>
    court.connect(sender).slash(proposalId, proverIndex, transcript, overrides),
  );
  return { receipt, burnt: eventOf(court, receipt, "Slashed")["burnt"] as bigint };
}
