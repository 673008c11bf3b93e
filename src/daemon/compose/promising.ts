import { holding, nextProposer, nextProver } from "../../roles/index.ts";
import type { HeadClock } from "../watch/headClock.ts";

type Sight = Pick<HeadClock, "isFresh">;

/**
 * How a prover decides: it votes for nothing by what it saw of L1 long ago. After a stop, the messages that have waited
 * in its sockets are read before L1 is, and their round may be over.
 */
export const proverDecision = (clock: Sight): typeof nextProver =>
  holding(nextProver, ["vote"], ({ l1 }) => !clock.isFresh(l1));

/** How a proposer decides. @param isHeld whether it may promise nothing new, whatever it sees */
export const proposerDecision = (clock: Sight, isHeld: () => boolean): typeof nextProposer =>
  holding(nextProposer, ["draft", "offer", "raise", "commit"], ({ l1 }) => isHeld() || !clock.isFresh(l1));
