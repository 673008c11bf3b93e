import type { Signer } from "ethers";
import { AMOUNT_MANTISSA_BITS, encodeFloat } from "../../protocol/float.ts";
import type { ChainClient } from "../client.ts";
import { type PostedOperation, postedIn } from "../posted.ts";
import { transact } from "../transact.ts";

export interface ForceExitParameters {
  /** L2 account; the sender must be its owner on L1. */
  readonly from: number;
  /** Wei of the asset; the bridge must be approved for the operation fee. */
  readonly amount: bigint;
}

/** Takes an amount out of an L2 account although no proposer may want to. @throws NotRepresentableError */
export async function forceExit(
  { bridge }: ChainClient,
  signer: Signer,
  { from, amount }: ForceExitParameters,
): Promise<PostedOperation> {
  const encoded = encodeFloat(amount, AMOUNT_MANTISSA_BITS);
  const receipt = await transact("forceExit", signer, (sender, overrides) =>
    bridge.connect(sender).forceExit(from, encoded, overrides),
  );
  return postedIn(bridge, receipt);
}
