import { type Economics, economicsOf } from "../../src/deploy/economics.ts";
import type { Profile } from "../../src/protocol/profile.ts";

/** What a game is played with. */
export interface Preset {
  readonly profile: Profile;
  readonly economics: Economics;
  /** Honest provers, and as many or fewer of the attacker's. */
  readonly provers: { readonly honest: number; readonly attacker: number };
}

const profileOf = (levels: number): Profile => ({
  name: `attacks-${levels}`,
  arity: 2,
  levels,
  accountDepth: 4,
  transfersPerBase: 2,
  operationsPerBase: 2,
});

function presetOf(levels: number, provers: Preset["provers"], changes: Partial<Economics> = {}): Preset {
  const profile = profileOf(levels);
  return { profile, provers, economics: { ...economicsOf(profile), ...changes } };
}

/**
 * The shipped economics. Those of 2,047 slots are played in a forest of 127, in which as many provers hold all slots
 * and each of them earns and risks the same parts: a block of 2,047 proofs would take minutes for each move.
 */
export const PRESETS = {
  "7 slots": presetOf(2, { honest: 7, attacker: 7 }),
  "7 slots, fair pay": presetOf(2, { honest: 7, attacker: 7 }, { fairShareBps: 5_000 }),
  "2,047 slots": presetOf(6, { honest: 96, attacker: 48 }),
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;
