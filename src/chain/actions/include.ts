import { getAddress, type Signer, toBeHex } from "ethers";
import { AMOUNT_MANTISSA_BITS, encodeFloat } from "../../protocol/float.ts";
import { type IncludedOperation, signOperation } from "../../protocol/operationSignature.ts";
import type { ChainClient } from "../client.ts";
import { type PostedOperation, postedIn } from "../posted.ts";
import { send, type From } from "../tx/index.ts";

/** A forced transfer or exit that its owner has signed. */
export interface SignedOperation extends Omit<IncludedOperation, "nonce"> {
  /** Of a key, or whatever a wallet contract takes, as hexadecimal. */
  readonly signature: string;
}

/**
 * Posts operations that others have signed, in this order, and pays their fees. By anyone.
 * @returns the `index` of the first one; the others follow
 */
export async function include(
  { bridge }: ChainClient,
  sender: From,
  list: readonly SignedOperation[],
): Promise<PostedOperation> {
  const operations = list.map(({ l1Owner, amount, ...rest }) => ({
    ...rest,
    l1Owner: getAddress(toBeHex(l1Owner, 20)),
    amount: encodeFloat(amount, AMOUNT_MANTISSA_BITS),
  }));
  const receipt = await send("include", sender, bridge.include.populateTransaction(operations));
  return postedIn(bridge, receipt);
}

export interface SignForcedOperationParameters {
  readonly from: number;
  /** Left out: an exit. */
  readonly to?: number;
  /** Wei of the asset. */
  readonly amount: bigint;
  /** How many operations the owner has signed and not posted yet. */
  readonly ahead?: number;
}

/** Signs a forced transfer or exit of the signer's account, for anybody to `include`. */
export async function signForcedOperation(
  { bridge, deployment }: ChainClient,
  signer: Signer,
  { from, to = 0, amount, ahead = 0 }: SignForcedOperationParameters,
): Promise<SignedOperation> {
  const owner = await signer.getAddress();
  const operation = { l1Owner: BigInt(owner), from, to, amount };
  const nonce = (await bridge.nonceOf(owner)) + BigInt(ahead);
  const route = { chainId: deployment.chainId, bridge: deployment.contracts.bridge };
  return { ...operation, signature: await signOperation(signer, route, { ...operation, nonce }) };
}
