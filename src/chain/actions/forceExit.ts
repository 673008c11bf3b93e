import { AMOUNT_MANTISSA_BITS, encodeFloat } from "../../protocol/float.ts";
import type { ChainClient } from "../client.ts";
import { type PostedOperation, postedIn } from "../posted.ts";
import { send, type From } from "../tx/index.ts";

export interface ForceExitParameters {
  /** L2 account; the sender must be its owner on L1. */
  readonly from: number;
  /** Wei of the asset; the bridge must be approved for the operation fee. */
  readonly amount: bigint;
}

/** Takes an amount out of an L2 account although no proposer may want to. @throws NotRepresentableError */
export async function forceExit(
  { bridge }: ChainClient,
  sender: From,
  { from, amount }: ForceExitParameters,
): Promise<PostedOperation> {
  const encoded = encodeFloat(amount, AMOUNT_MANTISSA_BITS);
  const receipt = await send("forceExit", sender, bridge.forceExit.populateTransaction(from, encoded));
  return postedIn(bridge, receipt);
}
