/** What peers tell each other. The order is that of the byte in an envelope. */
export const TOPICS = ["transactions", "proposals", "votes", "proofs"] as const;

export type Topic = (typeof TOPICS)[number];
