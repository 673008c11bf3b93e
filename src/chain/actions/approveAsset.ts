import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** Lets the bridge pull `amount` wei of the asset from the sender, for deposits and operation fees. */
export function approveAsset(
  { asset, deployment }: ChainClient,
  sender: From,
  amount: bigint,
): Promise<ContractTransactionReceipt> {
  const { bridge } = deployment.contracts;
  return send("approveAsset", sender, asset.approve.populateTransaction(bridge, amount));
}
