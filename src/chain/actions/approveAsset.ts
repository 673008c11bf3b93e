import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";

/** Lets the bridge pull `amount` wei of the asset from the sender, for deposits and operation fees. */
export function approveAsset(
  { asset, deployment }: ChainClient,
  signer: Signer,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  const { bridge } = deployment.contracts;
  return transact("approveAsset", signer, (sender, overrides) =>
    asset.connect(sender).approve(bridge, amount, overrides),
  );
}
