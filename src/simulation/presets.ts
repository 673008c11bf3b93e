import { economicsOf } from "../deploy/economics.ts";
import { PROFILES, type Profile } from "../protocol/profile.ts";
import { type GameRules, gameRules } from "./exact/rules.ts";
import { type FastRules, fastRules, tokensOf } from "./fast/rules.ts";

/** The forest of the proposal: 2,047 proofs of 8 transfers each, 16,384 transfers at most. */
export const LARGE_PROFILE: Profile = { ...PROFILES.dev, name: "2047 slots", levels: 10, transfersPerBase: 16 };

const preset = (profile: Profile): GameRules => gameRules(profile, economicsOf(profile));

/** The shipped economics, of a small forest and of the proposal's. */
export const PRESETS = { small: preset(PROFILES.dev), large: preset(LARGE_PROFILE) } as const;

export type PresetName = keyof typeof PRESETS;

export const FAST: Readonly<Record<PresetName, FastRules>> = {
  small: fastRules(PRESETS.small),
  large: fastRules(PRESETS.large),
};

/** Tokens that registering takes, apart from the fee. */
export const minStakeOf = (name: PresetName): number => tokensOf(PRESETS[name].economics.minStake);
