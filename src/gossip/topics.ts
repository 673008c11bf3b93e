/** What peers tell each other. The order is that of the byte in an envelope. */
export const TOPICS = ["transactions", "proposals", "votes", "proofs", "witnesses"] as const;

/**
 * `witnesses` carries what a block's provers need beyond L1: its signed transfers and the votes that its transcript
 * relies on. The topic goes as soon as both are public on L1.
 */
export type Topic = (typeof TOPICS)[number];
