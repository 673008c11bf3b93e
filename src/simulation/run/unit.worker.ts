import { serve } from "../../threads/threads.ts";
import { scenarioOf } from "../scenarios/index.ts";
import type { Unit } from "./plan.ts";
import { runUnit, type UnitResult } from "./runUnit.ts";

export interface UnitTask {
  readonly scenario: string;
  readonly seed: string;
  readonly unit: Unit;
}

serve<UnitTask, UnitResult, never>(({ scenario, seed, unit }) =>
  Promise.resolve(runUnit(scenarioOf(scenario), seed, unit)),
);
