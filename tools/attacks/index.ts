import type { Attack } from "./attack.ts";
import { BID_ATTACKS } from "./bids.ts";
import { HAND_IN_ATTACKS } from "./handIns.ts";
import { PROVER_ATTACKS } from "./provers.ts";
import { REVEAL_ATTACKS } from "./reveals.ts";
import { SLOT_ATTACKS } from "./slots.ts";

/** Every known way to play against the rules that comes down to money. */
export const ATTACKS: readonly Attack[] = [
  ...BID_ATTACKS,
  ...PROVER_ATTACKS,
  ...HAND_IN_ATTACKS,
  ...REVEAL_ATTACKS,
  ...SLOT_ATTACKS,
];
