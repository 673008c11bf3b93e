import { toQuantity } from "ethers";
import { B52Error } from "../../protocol/errors.ts";
import type { ContractError } from "../errors.ts";
import { decodeRevert } from "../revert.ts";
import { withHeadroom } from "./fees.ts";
import type { Intent } from "./journal.ts";
import type { Key } from "./key.ts";
import { blobBaseFee } from "./reading.ts";
import { rpc } from "./rpc.ts";
import type { Call } from "./sender.ts";

/** What a call is to do. Its gas is not known yet, unless the call says it. */
export const intentOf = ({ call, to, data, value = 0n, gasLimit = 0n, sidecars = [], slots }: Call): Intent => ({
  ...{ call, to, data, value, gasLimit },
  blobHashes: sidecars.map(({ versionedHash }) => versionedHash),
  ...(slots !== undefined && { slots }),
});

/** A call with blobs that does not say what gas it takes. */
export class NoGasLimitError extends B52Error {
  constructor(call: string) {
    super(`${call} carries blobs and names no gas limit, expected one: few nodes give a call its blobs`, { call });
  }
}

/** @throws {NoGasLimitError} @throws what the node says of a call that fails */
export async function gasLimitOf({ provider, address: from }: Key, call: Call): Promise<bigint> {
  const { to, data, value = 0n, gasLimit, sidecars = [] } = call;
  if (gasLimit !== undefined) return gasLimit;
  if (sidecars.length > 0) throw new NoGasLimitError(call.call);
  return withHeadroom(await provider.estimateGas({ from, to, data, value }));
}

/** Why a mined transaction was reverted: the receipt does not tell, the same call right after it usually does. */
export async function refusalOf({ provider, address: from }: Key, intent: Intent): Promise<ContractError | undefined> {
  const { call, to, data, value, blobHashes } = intent;
  try {
    if (blobHashes.length === 0) await provider.call({ from, to, data, value });
    else {
      const maxFeePerBlobGas = toQuantity(await blobBaseFee(provider));
      const request = { from, to, data, blobVersionedHashes: blobHashes, maxFeePerBlobGas };
      await rpc(provider, "eth_call", [request, "latest"]);
    }
  } catch (failure) {
    return decodeRevert(call, failure);
  }
}
