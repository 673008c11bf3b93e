import type { Round } from "./round.ts";

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

const [BEFORE_THE_START, ...FROM_THE_START] = PHASES;

/** Phases as people and API are told them. `Waiting`: the first commit opens the first round. */
export const SHOWN_PHASES = [BEFORE_THE_START, "Waiting", ...FROM_THE_START] as const;

export type ShownPhase = (typeof SHOWN_PHASES)[number];

/** Before the first round the contract says what it says after one that failed. */
export const shownPhase = ({ phase, round }: { readonly phase: Phase; readonly round: Round }): ShownPhase =>
  round.attempt === 0 && phase === "Expired" ? "Waiting" : phase;
