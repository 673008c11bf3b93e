import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Begins the first height. By anyone, once the rollup holds the genesis backing. */
export function start({ rollup }: ChainClient, signer: Signer): Promise<ContractTransactionReceipt> {
  return transact("start", signer, (sender, overrides) => rollup.connect(sender).start(overrides));
}
