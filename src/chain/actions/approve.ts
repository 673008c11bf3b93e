import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Lets `spender` pull `amount` wei of the sender's native tokens. */
export function approve(
  { token }: ChainClient,
  signer: Signer,
  spender: string,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  return transact("approve", signer, (sender, overrides) => token.connect(sender).approve(spender, amount, overrides));
}
