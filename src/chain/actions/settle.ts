import { keccak256, type ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";
import { openingOf, type Commitment } from "./commitment.ts";

/**
 * Accounts for a commit that was never proven, and frees its lane. By anyone, once the commit is dead or its round is
 * over.
 * @param commitment the lane's commit; if the seat has a branch whose parent won, that branch
 * @returns `forfeited` in BID_UNIT; 0 if its parent lost
 */
export async function settle(
  { rollup }: ChainClient,
  sender: From,
  commitment: Commitment,
): Promise<{ receipt: ContractTransactionReceipt; forfeited: bigint }> {
  const receipt = await send(
    "settle",
    sender,
    rollup.settle.populateTransaction(openingOf(commitment), keccak256(commitment.transcript)),
  );
  return { receipt, forfeited: eventOf(rollup, receipt, "Settled")["forfeited"] as bigint };
}
