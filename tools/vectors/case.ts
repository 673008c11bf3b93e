import { getAddress, id, toBeHex } from "ethers";
import { domainOf, FIELD, keyHash, publicKey, secretKeyFromSeed } from "../../src/protocol/index.ts";

/** What a case says of one thing; other languages get it as `tools/vectors.ts` writes it. */
export type Value = bigint | number | boolean | string | readonly Value[];
export type Case = Record<string, Value>;

/** A reproducible number of `bits` bits for `label`. */
export function random(label: string, bits: number): bigint {
  return BigInt(id(`b52 vectors ${label}`)) >> BigInt(256 - bits);
}

/** A reproducible field element. */
export function element(label: string): bigint {
  return BigInt(id(`b52 vectors ${label}`)) % FIELD;
}

export function address(label: string): string {
  return getAddress(toBeHex(random(label, 160), 20));
}

export const secrets = Array.from({ length: 8 }, (_, i) => secretKeyFromSeed(`b52 vectors ${i}`));
export const keys = secrets.map((secret) => keyHash(publicKey(secret)));
export const domain = domainOf({ chainId: 31337n, rollup: address("rollup") });
