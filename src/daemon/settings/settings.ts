import type { z } from "zod";
import { COMMON } from "./common.ts";
import { FOLLOWER } from "./follower.ts";
import { PROPOSER } from "./proposer.ts";
import { PROVER } from "./prover.ts";
import type { RoleName, Setting, SettingTable } from "./setting.ts";

export * from "./setting.ts";

/** Each setting: a key of the file, `--kebab-case` as a flag, `B52_UPPER_CASE` in the environment. */
export const SETTINGS = { ...COMMON, ...PROVER, ...PROPOSER, ...FOLLOWER } as const satisfies SettingTable;

export type SettingName = keyof typeof SETTINGS;

/** Every setting with its value. Those of other roles have their fallbacks. */
export type Settings = { readonly [N in SettingName]: z.output<(typeof SETTINGS)[N]["schema"]> };

/** A setting without its literal types. */
export const settingOf = (name: SettingName): Setting => SETTINGS[name];

/** Names of what a role may be given, in the order of the table. */
export function settingsOf(role: RoleName): SettingName[] {
  return (Object.keys(SETTINGS) as SettingName[]).filter((name) => settingOf(name).roles?.includes(role) ?? true);
}

export const fallbackOf = (name: SettingName, role: RoleName): unknown =>
  settingOf(name).fallbacks?.[role] ?? settingOf(name).fallback;

/** `dataDir` as `data-dir`. */
export const flagOf = (name: SettingName): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `dataDir` as `B52_DATA_DIR`. */
export const variableOf = (name: SettingName): string =>
  `B52_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
