import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

/**
 * Ends the chain for ever, if no block came for the escape delay. By anyone.
 * @returns the `stateRoot` that accounts escape from
 */
export async function freeze(
  { bridge }: ChainClient,
  signer: Signer,
): Promise<{ receipt: ContractTransactionReceipt; stateRoot: bigint }> {
  const receipt = await transact("freeze", signer, (sender, overrides) => bridge.connect(sender).freeze(overrides));
  return { receipt, stateRoot: eventOf(bridge, receipt, "Frozen")["stateRoot"] as bigint };
}
