import { shortUrl } from "../../chain/url.ts";
import type { Configuration } from "./configuration.ts";
import { flagOf, settingOf, type SettingName, settingsOf, variableOf } from "./settings.ts";
import { isAddress, type Listen, written } from "./values.ts";

/** A setting as people may see it. */
export interface ShownSetting {
  readonly name: SettingName;
  readonly value: string;
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

/** All settings of a configuration's role, in the order of the table. */
export function shownSettings({ role, settings, origins }: Configuration): ShownSetting[] {
  return settingsOf(role).map((name) => ({
    name,
    value:
      (name === "status" || name === "api") && settings[name] === undefined ? "off" : shownValue(name, settings[name]),
    from: origins[name].place,
    flag: `--${flagOf(name)}`,
    variable: variableOf(name),
    meaning: settingOf(name).meaning,
  }));
}
