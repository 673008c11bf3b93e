import { createHash } from "node:crypto";
import { ContradictionError, SimulationConfigError } from "../errors.ts";
import { describeRange, isIn } from "../range.ts";
import type { Case, Parameter, Scenario, Value } from "../scenario.ts";

/** What is to be simulated. */
export interface Config {
  readonly scenario: string;
  /** Names the streams of random numbers. */
  readonly seed: string;
  readonly runs: number;
  readonly isSweep: boolean;
  /** Values for each parameter, in the order in which cases have them. */
  readonly values: Readonly<Record<string, readonly Value[]>>;
}

/** Runs of one case that are done at once. */
export interface Unit {
  readonly index: number;
  readonly point: Case;
  readonly firstRun: number;
  readonly runs: number;
}

export interface Plan {
  readonly config: Config;
  readonly units: readonly Unit[];
  /** Why some cases are in no unit, each reason once. */
  readonly leftOut: readonly string[];
  /** Of the configuration: what has the same is the same. */
  readonly hash: string;
}

/** So few that workers share a case, so many that handing out costs nothing. */
export const RUNS_OF_A_UNIT = 25;

export const ROOT_SEED = "b52";

export interface ConfigOptions {
  readonly seed?: string | undefined;
  readonly runs?: number | undefined;
  /** Whether each parameter takes all values of its sweep where none are set. */
  readonly isSweep: boolean;
  /** `name` to one value or several. */
  readonly sets?: Readonly<Record<string, readonly Value[]>>;
}

/** @throws {SimulationConfigError} naming a parameter that there is not, or a value that it cannot have */
export function configOf(scenario: Scenario, { seed = ROOT_SEED, runs, isSweep, sets = {} }: ConfigOptions): Config {
  for (const name of Object.keys(sets))
    if (!(name in scenario.parameters))
      throw new SimulationConfigError("parameter", name, `one of ${Object.keys(scenario.parameters).join(", ")}`);
  const values = Object.entries(scenario.parameters).map(([name, parameter]): [string, readonly Value[]] => {
    const { base, sweep } = parameter;
    const given = sets[name];
    for (const value of given ?? []) assertValue(name, value, parameter);
    return [name, given === undefined ? (isSweep ? (sweep ?? [base]) : [base]) : [...new Set(given)]];
  });
  return { scenario: scenario.name, seed, runs: runs ?? scenario.runs, isSweep, values: Object.fromEntries(values) };
}

function assertValue(name: string, value: Value, parameter: Parameter): void {
  if ("range" in parameter) {
    const isTaken = typeof value === "number" && isIn(parameter.range, value);
    if (!isTaken) throw new SimulationConfigError(name, value, describeRange(parameter.range));
  } else {
    const words: readonly Value[] = parameter.sweep ?? [parameter.base];
    if (!words.includes(value)) throw new SimulationConfigError(name, value, words.join(" or "));
  }
}

/** @throws {ContradictionError} if none of the cases can be */
export function planOf(scenario: Scenario, config: Config): Plan {
  const units: Unit[] = [];
  const leftOut = new Set<string>();
  for (const point of casesOf(config.values)) {
    const reason = scenario.contradiction(point);
    if (reason !== undefined) leftOut.add(reason);
    if (reason !== undefined || (config.isSweep && !scenario.isSwept(point))) continue;
    for (let firstRun = 0; firstRun < config.runs; firstRun += RUNS_OF_A_UNIT) {
      const runs = Math.min(RUNS_OF_A_UNIT, config.runs - firstRun);
      units.push({ index: units.length, point, firstRun, runs });
    }
  }
  if (units.length === 0) throw new ContradictionError([...leftOut]);
  const hash = createHash("sha256").update(JSON.stringify(config)).digest("hex");
  return { config, units, leftOut: [...leftOut], hash };
}

function casesOf(values: Config["values"]): Case[] {
  return Object.entries(values).reduce<Case[]>(
    (cases, [name, all]) => cases.flatMap((point) => all.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}

/** A part of a plan for one of several machines. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

export function unitsOf({ units }: Plan, { number, of }: Shard): Unit[] {
  return units.filter(({ index }) => index % of === number - 1);
}
