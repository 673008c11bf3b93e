import { AbiCoder } from "ethers";

/** Solidity's `abi.encode`. */
export function encode(types: readonly string[], values: readonly unknown[]): string {
  return AbiCoder.defaultAbiCoder().encode(types, values);
}
