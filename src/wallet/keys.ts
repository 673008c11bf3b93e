import { computeAddress } from "ethers";
import { accountSecret } from "../protocol/accountSecret.ts";
import type { SecretKey } from "../protocol/eddsa.ts";
import { accountKeyOf } from "../protocol/keys.ts";

/** What a wallet is known by. */
export interface WalletIdentity {
  /** On L1. */
  readonly address: string;
  /** On the L2: what its accounts have as their key. */
  readonly key: bigint;
}

/** A wallet with its secrets. */
export interface WalletKeys extends WalletIdentity {
  /** 32 bytes as hexadecimal. */
  readonly privateKey: string;
  /** On the L2. */
  readonly secret: SecretKey;
}

/** Everything follows from the L1 key. @throws {MalformedError} */
export function walletKeys(privateKey: string): WalletKeys {
  const secret = accountSecret(privateKey);
  return { address: computeAddress(privateKey), privateKey, secret, key: accountKeyOf(secret) };
}
