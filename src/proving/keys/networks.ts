import { DevelopmentKeysError } from "../errors.ts";
import type { KeyManifest } from "./manifest.ts";

/**
 * Hardhat and anvil use 31337; geth's developer mode and Ganache 1337. No public network of value has these ids. This
 * check does not protect a test network that takes one of them.
 */
export const LOCAL_CHAIN_IDS: readonly bigint[] = [31_337n, 1_337n];

/** `tauHash` of every development key: recognises one whatever its manifest claims. */
export const DEVELOPMENT_TAU_HASH = "1d4a9c8dbdb2a4a98e6a208ee88b1f44022500a3bf323f9552e958f16bbf1397";

/** @throws DevelopmentKeysError when one of the keys is a development key and the chain is not local */
export function assertKeysAllowed(chainId: bigint | number, manifests: readonly KeyManifest[]): void {
  if (LOCAL_CHAIN_IDS.includes(BigInt(chainId))) return;
  const key = manifests.find(({ development, tauHash }) => development || tauHash === DEVELOPMENT_TAU_HASH);
  if (key) throw new DevelopmentKeysError(key.circuit, BigInt(chainId), LOCAL_CHAIN_IDS);
}
