import { setImmediate as turn } from "node:timers/promises";
import { ThreadPool } from "../../threads/threads.ts";
import type { Observation } from "../scenario.ts";
import { scenarioOf } from "../scenarios/index.ts";
import type { Plan, Unit } from "./plan.ts";
import { runsOf, type UnitResult } from "./runUnit.ts";
import type { UnitTask } from "./unit.worker.ts";

export interface ExecuteOptions {
  /** Threads; with one, everything happens in this one. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** Hears each unit as soon as it is done, in any order. */
  readonly onUnit: (result: UnitResult) => void;
}

/** Runs units of a plan. What each comes to does not depend on how many workers there are, nor on their order. */
export async function execute(
  { config }: Plan,
  units: readonly Unit[],
  { workers, signal, onUnit }: ExecuteOptions,
): Promise<void> {
  const { scenario, seed } = config;
  if (workers === 1) {
    for (const unit of units) {
      const observations: Observation[] = [];
      for (const seen of runsOf(scenarioOf(scenario), seed, unit)) {
        observations.push(...seen);
        // An interrupt is heard between runs.
        await turn();
        signal?.throwIfAborted();
      }
      onUnit({ unit: unit.index, observations });
    }
    return;
  }
  const pool = new ThreadPool<UnitTask, UnitResult, never>(new URL("unit.worker.ts", import.meta.url), workers);
  try {
    await Promise.all(
      units.map(async (unit) => onUnit(await pool.run({ scenario, seed, unit }, () => undefined, signal))),
    );
  } finally {
    await pool.close();
  }
}
