import type { RoleName, SettingName, Settings } from "./settings.ts";

/** Where a value stands. */
export interface Origin {
  readonly kind: "flag" | "environment" | "file" | "default";
  /** For people. */
  readonly place: string;
}

/** The settings of a role, and where each comes from. */
export interface Configuration {
  readonly role: RoleName;
  readonly settings: Settings;
  readonly origins: Readonly<Record<SettingName, Origin>>;
}
