import { publicKey, type PublicKey, type SecretKey } from "./eddsa.ts";
import { TAG } from "./field.ts";
import { poseidon } from "./poseidon.ts";

/** What the registry, votes and proofs know a prover's public key by. */
export function keyHash(key: PublicKey): bigint {
  return poseidon([TAG.key, key.x, key.y]);
}

/** A prover's key. */
export function keyOf(secret: SecretKey): bigint {
  return keyHash(publicKey(secret));
}

/**
 * An account's key: the y coordinate of its owner's public key. The one other point with it is the negative, whose
 * secret is `SUBGROUP_ORDER - secret`.
 */
export function accountKeyOf(secret: SecretKey): bigint {
  return publicKey(secret).y;
}
