import { BLOB_BYTES } from "../../blobs/blob.ts";

/** Asks a peer for one blob: 32 bytes of its versioned hash. The answer is a byte, and the blob after {@link HERE}. */
export const BLOB_PROTOCOL = "/b52/blobs/1";

export const HASH_BYTES = 32;

/** The first byte of an answer. */
export const ABSENT = 0;
export const HERE = 1;
/** The peer has served enough for now, or is at its limit. */
export const BUSY = 2;

export const ANSWER_BYTES = 1 + BLOB_BYTES;
