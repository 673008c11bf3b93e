import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Returns `amount` BID_UNITs from a lane of the sender that backs no commit of the open round. */
export function withdraw(
  { rollup }: ChainClient,
  signer: Signer,
  lane: 0 | 1,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return transact("withdraw", signer, (sender, overrides) => rollup.connect(sender).withdraw(lane, amount, overrides));
}
