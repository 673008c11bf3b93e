import { encodeBytes32String, keccak256 } from "ethers";
import { encode } from "./abi.ts";

const TAG_DOMAIN = encodeBytes32String("b52.domain");

/** The chain and the rollup contract that everything signed or proven is bound to. */
export interface Deployment {
  readonly chainId: bigint;
  /** Address of the rollup contract. */
  readonly rollup: string;
}

/** 248 bits, a field element. */
export function domainOf({ chainId, rollup }: Deployment): bigint {
  return BigInt(keccak256(encode(["bytes32", "uint256", "address"], [TAG_DOMAIN, chainId, rollup]))) >> 8n;
}
