import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

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
  sender: From,
  { index, l1Owner, balance, proof }: EscapeParameters,
): Promise<{ receipt: ContractTransactionReceipt; amount: bigint }> {
  const receipt = await send("escape", sender, bridge.escape.populateTransaction(index, l1Owner, balance, proof));
  return { receipt, amount: eventOf(bridge, receipt, "Escaped")["amount"] as bigint };
}
