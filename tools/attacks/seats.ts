/** Proposers with a seat. */
export const SEATS = [
  "alice",
  "bob",
  "carol",
  "eve",
  "mallory",
  "trudy",
  "oscar",
  "sybil",
  "victor",
  "walter",
] as const;
/** From here on they are the attacker's. */
export const FIRST_EVIL = SEATS.indexOf("eve");

export type Seat = (typeof SEATS)[number];
