import type { Signer, TypedDataDomain, TypedDataField } from "ethers";
import { getAddress, toBeHex } from "ethers";
import { AMOUNT_MANTISSA_BITS, encodeFloat } from "./float.ts";
import type { Operation } from "./operation.ts";

/** The bridge that may take a signed operation. */
export interface BridgeRoute {
  readonly chainId: bigint;
  readonly bridge: string;
}

/** A forced transfer or exit that its owner lets anybody post; `to` is 0 for an exit. */
export interface IncludedOperation extends Omit<Operation, "key"> {
  /** The bridge's `nonceOf` of the owner. The bridge takes signed operations in order, once each. */
  readonly nonce: bigint;
}

/** EIP-712 typed data, as ethers takes it. */
export interface TypedOperation {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly value: Record<string, unknown>;
}

const OPERATION_TYPES = {
  ForcedOperation: [
    { name: "l1Owner", type: "address" },
    { name: "from", type: "uint16" },
    { name: "to", type: "uint16" },
    { name: "amount", type: "uint32" },
    { name: "nonce", type: "uint256" },
  ],
};

/** What the bridge hashes. @throws {NotRepresentableError} */
export function typedOperation({ chainId, bridge }: BridgeRoute, operation: IncludedOperation): TypedOperation {
  const { l1Owner, from, to, amount, nonce } = operation;
  return {
    domain: { name: "B52 Bridge", version: "1", chainId, verifyingContract: bridge },
    types: OPERATION_TYPES,
    value: {
      l1Owner: getAddress(toBeHex(l1Owner, 20)),
      from,
      to,
      amount: encodeFloat(amount, AMOUNT_MANTISSA_BITS),
      nonce,
    },
  };
}

/** Signs an operation, with the owner's key or the key of the owner of its wallet. */
export async function signOperation(signer: Signer, route: BridgeRoute, operation: IncludedOperation): Promise<string> {
  const { domain, types, value } = typedOperation(route, operation);
  return signer.signTypedData(domain, types, value);
}
