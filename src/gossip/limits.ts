import type { Topic } from "./topics.ts";

/** Bytes that a message of a topic may have in all, envelope included. */
export const MAX_BYTES: Readonly<Record<Topic, number>> = {
  transactions: 512,
  proposals: 512,
  votes: 512,
  proofs: 1_024,
};

/**
 * Messages that one sender may have checked, by topic: transactions in a minute of L1 time, proposals in a round, the
 * others for a proposal; of proofs no more than two for each slot. What is more is ignored, never taken for an offence.
 */
export const QUOTA: Readonly<Record<Topic, number>> = {
  transactions: 1_024,
  proposals: 8,
  votes: 8,
  proofs: 32_768,
};

/** Seconds of L1 time that a quota of transactions is for. */
export const QUOTA_SECONDS = 60n;

/** Messages whose identity is kept, so that each is checked and delivered once; the oldest is forgotten first. */
export const MAX_SEEN = 65_536;

/** Senders and subjects whose messages are counted; the oldest is forgotten first. */
export const MAX_COUNTED = 16_384;

/** Certificates that were checked and need not be again; the oldest is forgotten first. */
export const MAX_CERTIFICATES = 4_096;

/** Accepted messages that may wait for a subscriber: what is more is our own overload, and no offence of the sender. */
export const MAX_QUEUE = 8_192;

/** Nonces ahead of an account's own that a transfer may have. */
export const MAX_NONCE_AHEAD = 64n;

/** The longest life of a certificate, seconds: a network key that leaks is of no use for longer. */
export const MAX_CERTIFICATE_SECONDS = 90n * 86_400n;
