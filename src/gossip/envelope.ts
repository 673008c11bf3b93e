import { createHash } from "node:crypto";
import { concat, getAddress, getBytes, hexlify, toBeHex, toUtf8Bytes } from "ethers";
import { MalformedError } from "../protocol/errors.ts";
import { toHex32 } from "../protocol/hex.ts";
import type { Certificate } from "./certificate.ts";
import { type NetworkKey, verifyNetworkSignature } from "./identity.ts";
import { type Topic, TOPICS } from "./topics.ts";

/** A message with who says it. */
export interface Envelope {
  readonly topic: Topic;
  readonly certificate: Certificate;
  /** Encoded as `messages.ts` says. */
  readonly body: Uint8Array;
  /** The network key's, 64 bytes. */
  readonly signature: Uint8Array;
}

/** A node's own network key and what makes it its owner's. */
export interface Identity {
  readonly key: NetworkKey;
  readonly certificate: Certificate;
  /** Of the rollup. */
  readonly domain: bigint;
}

const VERSION = 1;

/** Bytes of version, topic, owner, network key, expiry, certificate signature. The body and 64 bytes follow. */
const HEADER_BYTES = 1 + 1 + 20 + 32 + 8 + 65;
const SIGNATURE_BYTES = 64;

/** Bytes of an envelope around its body. */
export const ENVELOPE_BYTES = HEADER_BYTES + SIGNATURE_BYTES;

const TAG = toUtf8Bytes("b52.gossip");

/** Signs a message: its bytes as they travel. */
export function sealEnvelope({ key, certificate, domain }: Identity, topic: Topic, body: Uint8Array): Uint8Array {
  const { owner, networkKey, expiry, signature } = certificate;
  const header = concat([
    toBeHex(VERSION, 1),
    toBeHex(TOPICS.indexOf(topic), 1),
    owner,
    networkKey,
    toBeHex(expiry, 8),
    signature,
  ]);
  const signed = getBytes(concat([header, body]));
  return getBytes(concat([signed, key.sign(signedBytes(domain, signed))]));
}

/**
 * The inverse of {@link sealEnvelope}. An envelope has one encoding; {@link isSealed} and the certificate say who has
 * signed it.
 * @throws {MalformedError} unless the bytes are an envelope of this version
 */
export function openEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length < ENVELOPE_BYTES)
    throw new MalformedError("envelope", `${bytes.length} bytes`, `at least ${ENVELOPE_BYTES}`);
  if (bytes[0] !== VERSION) throw new MalformedError("version of an envelope", bytes[0], `${VERSION}`);
  const topic = TOPICS[bytes[1]!];
  if (topic === undefined) throw new MalformedError("topic of an envelope", bytes[1], `0 to ${TOPICS.length - 1}`);
  const part = (from: number, length: number): string => hexlify(bytes.subarray(from, from + length));
  return {
    topic,
    certificate: {
      owner: getAddress(part(2, 20)),
      networkKey: part(22, 32),
      expiry: BigInt(part(54, 8)),
      signature: part(62, 65),
    },
    body: bodyOf(bytes),
    signature: bytes.subarray(bytes.length - SIGNATURE_BYTES),
  };
}

/** The bytes that would be the message, if these are an envelope. */
export const bodyOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(HEADER_BYTES, bytes.length - SIGNATURE_BYTES);

/** Whose certificate these bytes name, if they are an envelope: 20 bytes as hexadecimal. Anybody can name anybody. */
export const ownerOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(2, 22)).toString("hex");

/** Whether the certificate's network key has signed all the bytes before its signature, for this rollup. */
export function isSealed(domain: bigint, bytes: Uint8Array, { certificate, signature }: Envelope): boolean {
  const signed = bytes.subarray(0, bytes.length - SIGNATURE_BYTES);
  return verifyNetworkSignature(certificate.networkKey, signedBytes(domain, signed), signature);
}

/** What is the same whoever says it: else anybody could have it checked and passed on again, under a new name each. */
const SAYS_ALL: readonly Topic[] = ["transactions", "proofs"];

/** What a message is known by, whoever passes it on. 32 bytes as hexadecimal, without 0x. */
export function messageId(topic: Topic, body: Uint8Array, sender: string): string {
  const hash = createHash("sha256").update(Uint8Array.of(TOPICS.indexOf(topic)));
  return hash
    .update(SAYS_ALL.includes(topic) ? "" : sender)
    .update(body)
    .digest("hex");
}

function signedBytes(domain: bigint, signed: Uint8Array): Uint8Array {
  return getBytes(concat([TAG, toHex32(domain), signed]));
}
