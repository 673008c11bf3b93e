import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { getBytes, hexlify } from "ethers";
import { BoundedMap } from "./bounded.ts";
import { MAX_KEYS } from "./limits.ts";
import { MalformedError } from "../protocol/errors.ts";

/** What PKCS#8 and SPKI put before the 32 bytes of an Ed25519 key. */
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** An Ed25519 key that a node signs its messages with. */
export class NetworkKey {
  readonly #key: KeyObject;
  readonly #seed: Uint8Array;
  /** 32 bytes as hexadecimal. */
  readonly publicKey: string;

  /** @param seed 32 random bytes, or a secret's hash @throws {MalformedError} */
  constructor(seed: Uint8Array) {
    if (seed.length !== 32) throw new MalformedError("seed of a network key", `${seed.length} bytes`, "32 bytes");
    this.#seed = Uint8Array.from(seed);
    this.#key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: "der", type: "pkcs8" });
    const spki = createPublicKey(this.#key).export({ format: "der", type: "spki" });
    this.publicKey = hexlify(spki.subarray(PUBLIC_PREFIX.length));
  }

  /** The 32 secret bytes, for a transport that proves to its peers whose end it is. */
  revealSeed(): Uint8Array {
    return Uint8Array.from(this.#seed);
  }

  /** 64 bytes; one message has one signature. */
  sign(message: Uint8Array): Uint8Array {
    return sign(null, message, this.#key);
  }
}

/** Whether the signature is the network key's. Malformed keys and signatures give false, never an error. */
export function verifyNetworkSignature(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    const known = keys.get(publicKey) ?? parseKey(publicKey);
    keys.set(publicKey, known);
    return verify(null, message, known, signature);
  } catch {
    return false; // OpenSSL throws for what is no key
  }
}

/** Keys that were used lately: a sender says more than one thing. */
const keys = new BoundedMap<string, KeyObject>(MAX_KEYS);

function parseKey(publicKey: string): KeyObject {
  const spki = Buffer.concat([PUBLIC_PREFIX, getBytes(publicKey)]);
  return createPublicKey({ key: spki, format: "der", type: "spki" });
}
