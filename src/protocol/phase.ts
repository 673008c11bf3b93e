/** What a round accepts at a moment, in the order of the Solidity enum. */
export const PHASES = [
  "NotStarted",
  "Proposing",
  "Revealing",
  "Proving",
  "Delivering",
  "Advanceable",
  "Expired",
  "Frozen",
] as const;

export type Phase = (typeof PHASES)[number];

/** Whether proofs are taken, and commits to the next height. */
export const isAccepting = (phase: Phase): boolean =>
  phase === "Revealing" || phase === "Proving" || phase === "Delivering";
