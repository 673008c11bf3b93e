import { AMOUNT_MANTISSA_BITS, encodeFloat } from "../../protocol/float.ts";
import type { ChainClient } from "../client.ts";
import { type PostedOperation, postedIn } from "../posted.ts";
import { send, type From } from "../tx/index.ts";

export interface ForceTransferParameters {
  /** L2 accounts; the sender must be `from`'s owner on L1. */
  readonly from: number;
  readonly to: number;
  /** Wei of the asset; the bridge must be approved for the operation fee. */
  readonly amount: bigint;
}

/** Moves an amount between L2 accounts although no proposer may want to. @throws NotRepresentableError */
export async function forceTransfer(
  { bridge }: ChainClient,
  sender: From,
  { from, to, amount }: ForceTransferParameters,
): Promise<PostedOperation> {
  const encoded = encodeFloat(amount, AMOUNT_MANTISSA_BITS);
  const receipt = await send("forceTransfer", sender, bridge.forceTransfer.populateTransaction(from, to, encoded));
  return postedIn(bridge, receipt);
}
