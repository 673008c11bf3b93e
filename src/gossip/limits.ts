import type { Topic } from "./topics.ts";

/** Bytes that a message of a topic may have in all, envelope included. */
export const MAX_BYTES: Readonly<Record<Topic, number>> = {
  transactions: 512,
  proposals: 512,
  votes: 512,
  proofs: 1_024,
};

/**
 * Messages that may be checked, by topic: transactions of a sender in a minute of L1 time, proposals of a proposer in a
 * round on one parent, votes of a prover for a proposal, proofs of a sender for a proposal, of these no more than two
 * for each slot. What is more is ignored, never taken for an offence.
 */
export const QUOTA: Readonly<Record<Topic, number>> = {
  transactions: 1_024,
  proposals: 4,
  votes: 2,
  proofs: 32_768,
};

/** Seconds of L1 time that a quota of transactions is for. */
export const QUOTA_SECONDS = 60n;

/** Transfers of one account that are good and may be passed on in a minute, whoever sends them: envelopes are free. */
export const ACCOUNT_QUOTA = 256;

/** What a further proposal of a proposer in a round on one parent bids more than the one before, at least. */
export const MIN_RAISE_BPS = 100n;

/** Messages whose identity is kept, so that each is checked and delivered once; the oldest is forgotten first. */
export const MAX_SEEN = 65_536;

/** Senders and subjects of a topic whose messages are counted; the oldest is forgotten first. */
export const MAX_COUNTED = 16_384;

/** Certificates that were checked and need not be again; the oldest is forgotten first. */
export const MAX_CERTIFICATES = 4_096;

/** Public keys of provers and of networks whose hash or form is kept; the oldest is forgotten first. */
export const MAX_KEYS = 4_096;

/** Accepted messages that may wait for a subscriber: what is more is our own overload, and no offence of the sender. */
export const MAX_QUEUE = 8_192;

/**
 * Messages of a topic that may wait to be judged. Proposals and proofs come first in, first out; the newest vote first,
 * for old ones are worth less; the dearest transaction first. What is too much is ignored: the last proposal and proof,
 * the oldest vote, the cheapest transaction.
 */
export const MAX_WAITING: Readonly<Record<Topic, number>> = {
  transactions: 20_000,
  proposals: 256,
  votes: 8_192,
  proofs: 2_048,
};

/** Nonces ahead of an account's own that a transfer may have. */
export const MAX_NONCE_AHEAD = 64n;

/** The longest life of a certificate, seconds: a network key that leaks is of no use for longer. */
export const MAX_CERTIFICATE_SECONDS = 90n * 86_400n;
