import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Sends `amount` wei of the native token to `to`. */
export function transfer(
  { token }: ChainClient,
  signer: Signer,
  to: string,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return transact("transfer", signer, (sender, overrides) => token.connect(sender).transfer(to, amount, overrides));
}
