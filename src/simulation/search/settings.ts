import type { Economics } from "../../deploy/economics.ts";
import { economicsOf } from "../../deploy/economics.ts";
import type { Profile } from "../../protocol/profile.ts";
import { DEPLOYED } from "../exact/mechanism.ts";
import { gameRules } from "../exact/rules.ts";
import { PRESETS } from "../presets.ts";
import type { Regime } from "./play.ts";

/** What the adversary's games are played with. */
export interface Setting extends Regime {
  readonly name: string;
  /** Indexes of everybody else's provers, and of the adversary's, which come after them. */
  readonly honest: readonly number[];
  readonly own: readonly number[];
}

function settingOf(name: string, honest: number, own: number, regime: Regime): Setting {
  const indexes = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  return { ...regime, name, honest: indexes(1, honest), own: indexes(1 + honest, own) };
}

const deployed = (profile: Profile, changes: Partial<Economics> = {}): Regime => ({
  rules: gameRules(profile, { ...economicsOf(profile), ...changes }),
  mechanism: DEPLOYED,
});

/** As many provers hold all of it as of one with 2,047 slots, each with the same parts at stake. */
const MEDIUM: Profile = { ...PRESETS.small.profile, name: "127 slots", levels: 6 };
const { profile: SMALL } = PRESETS.small;
const RACE: Partial<Economics> = { scorePolicy: { ...PRESETS.small.economics.scorePolicy, kind: "race" } };

/** A forest of seven slots for rules that may be others than the deployed ones. */
export const sevenSlots = (regime: Regime): Setting => settingOf("7 slots", 7, 7, regime);

export const SHIPPED = sevenSlots(deployed(SMALL));

/** The shipped rules in all their kinds; the adversary has few provers where that is what a plan may hang on. */
export const SETTINGS: readonly Setting[] = [
  SHIPPED,
  settingOf("7 slots, 4 own stakes", 7, 4, deployed(SMALL)),
  settingOf("7 slots, fair pay", 7, 7, deployed(SMALL, { fairShareBps: 5_000 })),
  settingOf("7 slots, race", 7, 7, deployed(SMALL, RACE)),
  settingOf("2,047 slots", 96, 48, deployed(MEDIUM)),
];

/** Provers by slot, spread evenly; the first ones if there are more than slots. */
export function spread(provers: readonly number[], slots: number): number[] {
  const few = provers.slice(0, slots);
  return Array.from({ length: slots }, (_, slot) => few[Math.floor((slot * few.length) / slots)] ?? 0);
}
