import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Begins the first height. By anyone, once the rollup holds the genesis backing. */
export function start({ rollup }: ChainClient, sender: From): Promise<ContractTransactionReceipt> {
  return send("start", sender, rollup.start.populateTransaction());
}
