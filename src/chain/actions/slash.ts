import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

export interface SlashParameters {
  readonly proposalId: bigint;
  readonly slot: number;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  /** Signature of the prover's owner, see `signReceipt`; without one only the no-show fee is charged. */
  readonly receipt?: string;
}

/** Charges a slot that was voted for and not delivered. By anyone, in the slash window. @returns `burnt` in wei */
export async function slash(
  { court }: ChainClient,
  signer: Signer,
  { proposalId, slot, transcript, receipt: signature = "0x" }: SlashParameters,
): Promise<{ receipt: ContractTransactionReceipt; burnt: bigint }> {
  const receipt = await transact("slash", signer, (sender, overrides) =>
    court.connect(sender).slash(proposalId, slot, transcript, signature, overrides),
  );
  return { receipt, burnt: eventOf(court, receipt, "Slashed")["burnt"] as bigint };
}
