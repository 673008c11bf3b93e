import { shortUrl } from "../../chain/url.ts";
import type { Configuration } from "./configuration.ts";
import { flagOf, settingOf, type SettingName, settingsOf, variableOf } from "./settings.ts";
import { isAddress, type Listen, written } from "./values.ts";

export type ShownData = string | number | boolean | null | readonly ShownData[];

/** A setting as people may see it. */
export interface ShownSetting {
  readonly name: SettingName;
  /** For people. */
  readonly value: string;
  /** For programs: numbers and yes or no as themselves, ether as text, null where there is no value. */
  readonly data: ShownData;
  /** Whether it has none and must have one. */
  readonly isMissing: boolean;
  readonly from: string;
  readonly flag: string;
  readonly variable: string;
  readonly meaning: string;
}

/** A value as people may see it: secrets are not shown, and of addresses what names the server. */
export function shownValue(name: SettingName, value: unknown): string {
  const { shown } = settingOf(name);
  if (value === undefined) return settingOf(name).isRequired === true ? "not set, and needed" : "not set";
  if (shown === "secret") return "(hidden)";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map((each) => shownValue(name, each)).join(", ");
  if (typeof value === "bigint") return written(value);
  if (typeof value === "string")
    return shown === "address" && !value.startsWith("/")
      ? value
          .split(",")
          .map((each) => (isAddress(each.trim()) ? shortUrl(each.trim()) : "an address"))
          .join(", ")
      : value;
  if (typeof value === "object" && value !== null && "port" in value) {
    const { host, port } = value as Listen;
    return `${host}:${port}`;
  }
  return JSON.stringify(value);
}

/** What {@link shownValue} tells people, for programs. */
function shownData(name: SettingName, value: unknown): ShownData {
  if (value === undefined || value === null) return null;
  if (settingOf(name).shown !== "secret") {
    if (typeof value === "number" || typeof value === "boolean") return value;
    if (Array.isArray(value)) return value.map((each) => shownData(name, each));
  }
  return shownValue(name, value);
}

/** All settings of a configuration's role, in the order of the table. */
export function shownSettings({ role, settings, origins }: Configuration): ShownSetting[] {
  return settingsOf(role).map((name) => ({
    name,
    value:
      (name === "status" || name === "api") && settings[name] === undefined ? "off" : shownValue(name, settings[name]),
    data: shownData(name, settings[name]),
    isMissing: settings[name] === undefined && settingOf(name).isRequired === true,
    from: origins[name].place,
    flag: `--${flagOf(name)}`,
    variable: variableOf(name),
    meaning: settingOf(name).meaning,
  }));
}
