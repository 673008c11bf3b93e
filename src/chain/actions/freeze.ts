import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

/**
 * Ends the chain for ever, if no block came for the escape delay. By anyone.
 * @returns the `stateRoot` that accounts escape from
 */
export async function freeze(
  { bridge }: ChainClient,
  sender: From,
): Promise<{ receipt: ContractTransactionReceipt; stateRoot: bigint }> {
  const receipt = await send("freeze", sender, bridge.freeze.populateTransaction());
  return { receipt, stateRoot: eventOf(bridge, receipt, "Frozen")["stateRoot"] as bigint };
}
