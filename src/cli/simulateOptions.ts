import { InvalidArgumentError, Option } from "commander";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Shard } from "../simulation/run/plan.ts";
import type { Value } from "../simulation/scenario.ts";
import { SimulationConfigError } from "../simulation/errors.ts";
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
  const [name, values] = text.split("=", 2);
  if (!name || !values) throw new InvalidArgumentError("Expected name=value, or name=value,value,...");
  return { ...before, [name]: values.split(",").map(valueOf) };
}

const valueOf = (text: string): Value => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text);

function readConfig(path: string): ConfigFile {
  const text = readFileSync(callerPath(path), "utf8");
  try {
    const { seed, runs, set = {} } = JSON.parse(text) as ConfigFile & { set?: Record<string, Value | Value[]> };
    const sets = Object.entries(set).map(([name, value]) => [name, Array.isArray(value) ? value : [value]] as const);
    return { ...(seed !== undefined && { seed }), ...(runs !== undefined && { runs }), set: Object.fromEntries(sets) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SimulationConfigError("config", path, `JSON with seed, runs and set (${error.message})`);
  }
}

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
