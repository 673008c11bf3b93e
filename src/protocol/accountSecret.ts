import { secp256k1 } from "@noble/curves/secp256k1.js";
import { concat, getBytes, isHexString, toUtf8Bytes } from "ethers";
import { type SecretKey, secretKeyFromSeed } from "./eddsa.ts";
import { MalformedError } from "./errors.ts";

/** Keeps the secret apart from anything else that is ever derived from an L1 key. */
const SEED_TAG = "b52.account";

/**
 * The L2 secret of a wallet, from its L1 key: one backup is enough for both. It tells nothing about the L1 key.
 * @param privateKey 32 bytes as hexadecimal
 * @throws {MalformedError} if no Ethereum account has this key
 */
export function accountSecret(privateKey: string): SecretKey {
  if (!isHexString(privateKey, 32))
    throw new MalformedError("the L1 private key", "of another form (not shown)", "32 bytes as hexadecimal");
  if (!secp256k1.utils.isValidSecretKey(getBytes(privateKey))) {
    throw new MalformedError(
      "the L1 private key",
      "no key (not shown)",
      "a number from 1 to the order of secp256k1 - 1",
    );
  }
  return secretKeyFromSeed(getBytes(concat([toUtf8Bytes(SEED_TAG), privateKey])));
}
