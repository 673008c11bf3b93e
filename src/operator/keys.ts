import { hkdfSync } from "node:crypto";
import { computeAddress, concat, getBytes, hexlify, toUtf8Bytes } from "ethers";
import { type SecretKey, secretKeyFromSeed } from "../protocol/eddsa.ts";
import { keyOf } from "../protocol/keys.ts";
import { walletKeys } from "../wallet/keys.ts";

/** What an operator is known by. */
export interface OperatorIdentity {
  /** Owns the stake or the seat on L1. */
  readonly address: string;
  /** Sends reveals, and nothing else: a node keeps blob transactions of an address apart from all others. */
  readonly revealer: string;
  /** What the registry knows the prover by. */
  readonly proverKey: bigint;
}

/** An operator with all secrets. */
export interface OperatorKeys extends OperatorIdentity {
  /** Of the address: 32 bytes as hexadecimal. */
  readonly privateKey: string;
  /** Of the revealer: 32 bytes as hexadecimal. */
  readonly revealKey: string;
  readonly proverSecret: SecretKey;
}

/** Keep secrets apart that follow from one key. */
const PROVER_TAG = "b52.prover";
const REVEAL_INFO = "b52.reveal";

/**
 * All keys of an operator follow from the L1 key, so one backup is enough. None of them tells anything about it.
 * @param privateKey 32 bytes as hexadecimal
 * @throws {MalformedError}
 */
export function operatorKeys(privateKey: string): OperatorKeys {
  const { address } = walletKeys(privateKey);
  const proverSecret = secretKeyFromSeed(getBytes(concat([toUtf8Bytes(PROVER_TAG), privateKey])));
  // One number in 2^128 is no key of secp256k1: that happens to nobody, and would be an error.
  const revealKey = hexlify(
    new Uint8Array(hkdfSync("sha256", getBytes(privateKey), new Uint8Array(), REVEAL_INFO, 32)),
  );
  return {
    ...{ address, privateKey, revealKey, proverSecret },
    revealer: computeAddress(revealKey),
    proverKey: keyOf(proverSecret),
  };
}
