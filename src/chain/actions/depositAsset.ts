import type { ContractTransactionReceipt } from "ethers";
import { AMOUNT_MANTISSA_BITS, encodeFloat } from "../../protocol/float.ts";
import type { ChainClient } from "../client.ts";
import { type PostedOperation, postedIn } from "../posted.ts";
import { send, type From } from "../tx/index.ts";

export interface DepositAssetParameters {
  /** L2 account, from 1. One that is empty then becomes `key`'s. */
  readonly to: number;
  /** Wei of the asset; the bridge must be approved for it and for the operation fee. */
  readonly amount: bigint;
  /** Key of the account. If it is another's by then, the amount comes back to `l1Owner` as an exit. */
  readonly key: bigint;
  /** Address that owns the account on L1, if the deposit opens it. */
  readonly l1Owner: string;
}

/** Pays into an L2 account, from L1. By anyone. @throws NotRepresentableError */
export async function depositAsset(
  { bridge }: ChainClient,
  sender: From,
  { to, amount, key, l1Owner }: DepositAssetParameters,
): Promise<PostedOperation> {
  const encoded = encodeFloat(amount, AMOUNT_MANTISSA_BITS);
  const receipt: ContractTransactionReceipt = await send(
    "depositAsset",
    sender,
    bridge.deposit.populateTransaction(to, encoded, key, l1Owner),
  );
  return postedIn(bridge, receipt);
}
