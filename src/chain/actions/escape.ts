import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

export interface EscapeParameters {
  /** Of the L2 account. */
  readonly index: number;
  /** Its owner's address, who is paid. */
  readonly l1Owner: string;
  /** What it has under the frozen state root, wei of the asset. */
  readonly balance: bigint;
  /** EscapeClaim proof, 256 bytes as hexadecimal. */
  readonly proof: string;
}

/** Pays what an account has in a frozen chain to its owner. By anyone, once. @returns `amount` in wei of the asset */
export async function escape(
  { bridge }: ChainClient,
  signer: Signer,
  { index, l1Owner, balance, proof }: EscapeParameters,
): Promise<{ receipt: ContractTransactionReceipt; amount: bigint }> {
  const receipt = await transact("escape", signer, (sender, overrides) =>
    bridge.connect(sender).escape(index, l1Owner, balance, proof, overrides),
  );
  return { receipt, amount: eventOf(bridge, receipt, "Escaped")["amount"] as bigint };
}
