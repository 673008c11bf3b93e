import type { Observation, Scenario } from "../scenario.ts";
import { Streams } from "../stream.ts";
import type { Unit } from "./plan.ts";

/** What a unit's runs saw: each observation with its run. */
export interface UnitResult {
  readonly unit: number;
  readonly observations: readonly Observation[];
}

export function runUnit(scenario: Scenario, seed: string, { index, point, firstRun, runs }: Unit): UnitResult {
  const observations: Observation[] = [];
  for (let run = firstRun; run < firstRun + runs; run++)
    for (const observation of scenario.simulate(point, new Streams(seed, scenario.name, run)))
      observations.push({ run, ...observation });
  return { unit: index, observations };
}
