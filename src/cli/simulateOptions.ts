import { InvalidArgumentError, Option } from "commander";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Shard } from "../simulation/run/plan.ts";
import type { Value } from "../simulation/scenario.ts";
import { SimulationConfigError } from "../simulation/errors.ts";
import { nearest } from "../log/nearest.ts";
import { parseCount } from "./options.ts";
import { callerPath } from "./paths.ts";

/** `name` to the values that it takes. */
export type Sets = Readonly<Record<string, readonly Value[]>>;

export interface CaseFlags {
  readonly set?: Sets;
  readonly config?: ConfigFile;
  readonly runs?: number;
  readonly seed?: string;
}

/** What a configuration file may say; options on the command line come first. */
export interface ConfigFile {
  readonly seed?: string;
  readonly runs?: number;
  readonly set?: Sets;
}

function parseSet(text: string, before: Sets = {}): Sets {
  const at = text.indexOf("=");
  const [name, values] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (!name || !values) throw new InvalidArgumentError("Expected name=value, or name=value,value,...");
  return { ...before, [name]: values.split(",").map(valueOf) };
}

const valueOf = (text: string): Value => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

const CONFIG_KEYS = ["seed", "runs", "set"];

function readConfig(path: string): ConfigFile {
  const text = readFileSync(callerPath(path), "utf8");
  try {
    return configOfFile(path, JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SimulationConfigError("config", path, `JSON with seed, runs and set (${error.message})`);
  }
}

/** @throws {SimulationConfigError} naming what is not as it should be */
function configOfFile(path: string, json: unknown): ConfigFile {
  if (!isRecord(json))
    throw new SimulationConfigError("config", path, "JSON with seed, runs and set (it is no object)");
  const key = Object.keys(json).find((each) => !CONFIG_KEYS.includes(each));
  if (key !== undefined) {
    const guess = nearest(key, CONFIG_KEYS);
    const hint = guess === undefined ? "" : ` (did you mean ${guess}?)`;
    throw new SimulationConfigError(`a key of ${path}`, key, `seed, runs or set${hint}`);
  }
  const { seed, runs, set = {} } = json;
  if (seed !== undefined && typeof seed !== "string")
    throw new SimulationConfigError(`seed of ${path}`, seed, "a text");
  if (runs !== undefined && !isCount(runs))
    throw new SimulationConfigError(`runs of ${path}`, runs, "a whole number from 1");
  if (!isRecord(set)) throw new SimulationConfigError(`set of ${path}`, set, "an object of parameters");
  const sets = Object.entries(set).map(([name, value]) => {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (values.length === 0 || !values.every(isValue))
      throw new SimulationConfigError(`${name} of ${path}`, JSON.stringify(value), "a value, or a list of some");
    return [name, values] as const;
  });
  return { ...(seed !== undefined && { seed }), ...(runs !== undefined && { runs }), set: Object.fromEntries(sets) };
}

const isRecord = (json: unknown): json is Record<string, unknown> =>
  typeof json === "object" && json !== null && !Array.isArray(json);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;
const isValue = (value: unknown): value is Value => typeof value === "number" || typeof value === "string";

function parseShard(text: string): Shard {
  const [number, of] = text.split("/").map(Number);
  const isShard = Number.isInteger(number) && Number.isInteger(of) && number! >= 1 && number! <= of!;
  if (!isShard) throw new InvalidArgumentError("Expected i/n with 1 <= i <= n, as 1/4.");
  return { number: number!, of: of! };
}

export const caseOptions = (): Option[] => [
  new Option("--set <name=value...>", "a parameter's value, or values with commas between them").argParser(parseSet),
  new Option("--config <file>", "JSON with seed, runs and set; --set, --runs and --seed come first").argParser(
    readConfig,
  ),
  new Option("--runs <count>", "of each case").argParser(parseCount),
  new Option("--seed <text>", "names all random numbers").default(undefined, "b52"),
];

export const workersOption = (): Option =>
  new Option("--workers <count>", "threads; results are the same for any number")
    .argParser(parseCount)
    .default(availableParallelism());

export const shardOption = (): Option =>
  new Option("--shard <i/n>", "the i-th of n parts, for n machines").argParser(parseShard);

export const outOption = (what: string): Option => new Option("--out <folder>", what).argParser(callerPath);

/** What the command line and a file say together. */
export function mergeFlags({ set, config = {}, runs, seed }: CaseFlags): ConfigFile {
  const merged = { seed: seed ?? config.seed, runs: runs ?? config.runs };
  return {
    ...(merged.seed !== undefined && { seed: merged.seed }),
    ...(merged.runs !== undefined && { runs: merged.runs }),
    set: { ...config.set, ...set },
  };
}
