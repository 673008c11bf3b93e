import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Pulls `amount` BID_UNITs of the native token into the sender's lane for heights of this parity. */
export function deposit(
  { rollup }: ChainClient,
  signer: Signer,
  lane: 0 | 1,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return transact("deposit", signer, (sender, overrides) => rollup.connect(sender).deposit(lane, amount, overrides));
}
