import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createFile } from "../../chain/newFile.ts";
import { MalformedError } from "../../protocol/errors.ts";
import { TransportKeyError } from "./errors.ts";

const KEY_BYTES = 32;
/** What PKCS#8 and SPKI put before the 32 bytes of an X25519 key. */
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b656e032100", "hex");

/** An X25519 key: what a prover and its workers know each other by. */
export class TransportKey {
  readonly #key: KeyObject;
  /** 32 bytes as hexadecimal, without 0x. */
  readonly publicKey: string;

  /** @param secret 32 random bytes @throws {MalformedError} */
  constructor(secret: Uint8Array) {
    if (secret.length !== KEY_BYTES) throw new MalformedError("key of the queue", `${secret.length} bytes`, "32 bytes");
    this.#key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, secret]), format: "der", type: "pkcs8" });
    const spki = createPublicKey(this.#key).export({ format: "der", type: "spki" });
    this.publicKey = spki.subarray(PUBLIC_PREFIX.length).toString("hex");
  }

  static random(): TransportKey {
    return new TransportKey(randomBytes(KEY_BYTES));
  }

  /**
   * The key in a file that only its owner can read; it is made if it is missing.
   * @throws {TransportKeyError}
   */
  static async ofFile(path: string): Promise<TransportKey> {
    const found = await readFile(path, "utf8").catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    });
    if (found !== undefined) return TransportKey.#parse(path, found);
    // Whoever comes first has made it.
    await createFile(path, `${randomBytes(KEY_BYTES).toString("hex")}\n`);
    return TransportKey.#parse(path, await readFile(path, "utf8"));
  }

  /** What this key and another one share, and nobody else knows. @throws {MalformedError} for a weak key */
  agree(publicKey: string): Buffer {
    const other = parseTransportKey(publicKey);
    try {
      return diffieHellman({ privateKey: this.#key, publicKey: other });
    } catch (cause) {
      // OpenSSL refuses points of low order.
      throw new MalformedError("key of the queue", publicKey, "a point of the curve's large group", { cause });
    }
  }

  static #parse(path: string, text: string): TransportKey {
    const digits = text.trim();
    if (!/^[0-9a-f]*$/.test(digits)) throw new TransportKeyError(path, "something with other characters");
    if (digits.length !== 2 * KEY_BYTES) throw new TransportKeyError(path, `${digits.length} digits long`);
    return new TransportKey(Buffer.from(digits, "hex"));
  }
}

/** @throws {MalformedError} unless it is 64 hexadecimal digits in lower case */
export function parseTransportKey(publicKey: string): KeyObject {
  if (!/^[0-9a-f]{64}$/.test(publicKey))
    throw new MalformedError("public key of the queue", publicKey, "64 hexadecimal digits in lower case");
  return createPublicKey({
    key: Buffer.concat([PUBLIC_PREFIX, Buffer.from(publicKey, "hex")]),
    format: "der",
    type: "spki",
  });
}
