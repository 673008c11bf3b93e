import type { Observation, Scenario } from "../scenario.ts";
import { Streams } from "../stream.ts";
import type { Unit } from "./plan.ts";

/** What a unit's runs saw: each observation with its run. */
export interface UnitResult {
  readonly unit: number;
  readonly observations: readonly Observation[];
}

export function runUnit(scenario: Scenario, seed: string, unit: Unit): UnitResult {
  return { unit: unit.index, observations: [...runsOf(scenario, seed, unit)].flat() };
}

/** What each of a unit's runs saw, run by run. */
export function* runsOf(scenario: Scenario, seed: string, { point, firstRun, runs }: Unit): Generator<Observation[]> {
  for (let run = firstRun; run < firstRun + runs; run++)
    yield [...scenario.simulate(point, new Streams(seed, scenario.name, run))].map((each) => ({ run, ...each }));
}
