import { publicKey, type PublicKey, type SecretKey } from "./eddsa.ts";
import { TAG } from "./field.ts";
import { poseidon } from "./poseidon.ts";

/** What registries, accounts and proofs know a public key by. */
export function keyHash(key: PublicKey): bigint {
  return poseidon([TAG.key, key.x, key.y]);
}

/** The key hash of a secret. */
export function keyOf(secret: SecretKey): bigint {
  return keyHash(publicKey(secret));
}
