import { dirname } from "node:path";
import { z } from "zod";
import { readNamedFile } from "../../chain/textFile.ts";
import { ConfigFileError, MissingSettingError, SettingError, UnknownSettingError } from "./errors.ts";
import {
  fallbackOf,
  flagOf,
  type RoleName,
  SETTINGS,
  settingOf,
  type SettingName,
  type Settings,
  settingsOf,
  variableOf,
} from "./settings.ts";
import type { Configuration, Origin } from "./configuration.ts";
import { shownValue } from "./show.ts";
import { absolute } from "./values.ts";
import { isOtherVariable } from "./variables.ts";

/** What settings are read from, the strongest first. */
export interface SettingSources {
  /** By the names of settings. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A file of JSON. */
  readonly file?: string | undefined;
  /** The caller's folder: where paths of flags and of the environment are meant from. */
  readonly folder: string;
  /** Whether they are only shown: then what must have a value may have none. */
  readonly isShown?: boolean;
}

/** A value as it was written. */
interface Given extends Origin {
  readonly value: unknown;
  readonly folder: string;
}

const ALL = Object.keys(SETTINGS) as SettingName[];

/**
 * The settings of a role: a flag before the environment, before the file, before the default.
 * @throws {UnknownSettingError} @throws {SettingError} @throws {MissingSettingError} @throws {ConfigFileError}
 */
export async function readConfiguration(role: RoleName, sources: SettingSources): Promise<Configuration> {
  const { flags = {}, env = process.env, file, folder, isShown = false } = sources;
  const own = settingsOf(role);
  const entries = file === undefined ? {} : await readFile(file);
  requireKnown(Object.keys(entries), `the file ${file}`, own);
  requireKnown(Object.keys(flags), "the command line", own);
  requireVariables(env);
  const given = (name: SettingName): Given => {
    const variable = variableOf(name);
    if (own.includes(name)) {
      if (flags[name] !== undefined) return { kind: "flag", place: `--${flagOf(name)}`, value: flags[name], folder };
      if (env[variable] !== undefined && env[variable] !== "")
        return { kind: "environment", place: variable, value: env[variable], folder };
      if (entries[name] !== undefined)
        return { kind: "file", place: file!, value: entries[name], folder: dirname(file!) };
    }
    return { kind: "default", place: "default", value: fallbackOf(name, role), folder };
  };
  const all = ALL.map((name) => [name, given(name)] as const);
  return {
    role,
    settings: Object.fromEntries(all.map(([name, each]) => [name, parse(name, each, isShown)])) as Settings,
    origins: Object.fromEntries(
      all.map(([name, { kind, place }]) => [name, { kind, place }]),
    ) as Configuration["origins"],
  };
}

function parse(name: SettingName, { value, place, folder }: Given, isShown: boolean): unknown {
  const { schema, isRequired, isPath } = settingOf(name);
  if (value === undefined && isRequired === true) {
    if (isShown) return undefined;
    throw new MissingSettingError(name, flagOf(name), variableOf(name));
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new SettingError(name, place, shownValue(name, value), reasonOf(parsed.error), { cause: parsed.error });
  if (isPath !== true) return parsed.data;
  const { data } = parsed as { data: string | readonly string[] | undefined };
  if (typeof data === "string") return absolute(folder, data);
  return data?.map((each) => absolute(folder, each));
}

/** The first thing that is wrong. */
function reasonOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return "expected something else";
  const { message, path } = issue;
  return path.length === 0
    ? message
    : `entry ${path.map((at) => (typeof at === "number" ? at + 1 : String(at))).join(".")}: ${message}`;
}

async function readFile(path: string): Promise<Record<string, unknown>> {
  const text = await readNamedFile(path, ConfigFileError);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ConfigFileError(path, (cause as Error).message, { cause });
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(json);
  if (!parsed.success) throw new ConfigFileError(path, `it holds ${Array.isArray(json) ? "a list" : typeof json}`);
  return parsed.data;
}

function requireKnown(names: readonly string[], where: string, own: readonly SettingName[]): void {
  const others = Object.fromEntries(
    ALL.flatMap((name) => (own.includes(name) ? [] : [[name, settingOf(name).roles!.join(" and the ")]])),
  );
  for (const name of names)
    if (!own.includes(name as SettingName)) throw new UnknownSettingError(name, where, own, others);
}

/** One environment may serve several roles: what is another's is passed over, and what is nobody's is refused. */
function requireVariables(env: Readonly<Record<string, string | undefined>>): void {
  const known = ALL.map(variableOf);
  for (const name of Object.keys(env))
    if (name.startsWith("B52_") && !known.includes(name) && !isOtherVariable(name))
      throw new UnknownSettingError(name, "the environment", known);
}
