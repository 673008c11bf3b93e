import type { L1View } from "../l1View.ts";

/** L1's. */
const SLOT_SECONDS = 12n;

/** A bid for more would lock ether that no market asks for. */
const MOST_SLOTS = 64;

/** L1 slots until the reveal window closes. */
export const slotsLeft = ({ round, now }: Pick<L1View, "round" | "now">): number =>
  Math.min(MOST_SLOTS, Number((round.revealEnds - now) / SLOT_SECONDS) + 1);
