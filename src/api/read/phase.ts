import type { RoundState } from "../../chain/index.ts";
import type { SHOWN_PHASES } from "../schema/index.ts";

/** What L1 accepts. Before the first round the contract says what it says after one that failed. */
export const phaseOf = ({ phase, round }: Pick<RoundState, "phase" | "round">): (typeof SHOWN_PHASES)[number] =>
  round.attempt === 0 && phase === "Expired" ? "Waiting" : phase;
