import { join } from "node:path";
import { SimulationConfigError } from "../errors.ts";
import type { Scenario, SummaryRow } from "../scenario.ts";
import { codeVersion } from "./codeVersion.ts";
import { execute } from "./execute.ts";
import { type Config, type Plan, planOf, type Shard, unitsOf } from "./plan.ts";
import { Progress } from "./progress.ts";
import { readManifest, readUnits, ResultStore } from "./store.ts";

export interface SweepOptions {
  readonly workers: number;
  /** Where results go; one folder a configuration. */
  readonly folder: string;
  readonly shard?: Shard | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

export interface Sweep {
  readonly folder: string;
  /** Undefined as long as units of other shards are missing. */
  readonly summary: readonly SummaryRow[] | undefined;
  /** Units that were not there before. */
  readonly added: number;
}

/** The folder of what this code makes of a configuration. */
export const folderOf = (root: string, { config, hash }: Plan): string =>
  join(root, [config.scenario, hash.slice(0, 12), codeVersion().sources.slice(0, 12)].join("-"));

/** Runs what is not there yet of a plan, or of a shard of it, and writes its tables when it is whole. */
export async function sweep(
  scenario: Scenario,
  config: Config,
  { workers, folder, shard = { number: 1, of: 1 }, signal, note }: SweepOptions,
): Promise<Sweep> {
  const plan = planOf(scenario, config);
  const store = await ResultStore.open(folder, plan, shard.of === 1 ? undefined : shard);
  const units = unitsOf(plan, shard).filter(({ index }) => !store.isDone(index));
  const progress = new Progress(scenario.name, units.length, note);
  await execute(plan, units, {
    ...{ workers, signal },
    onUnit: (result) => {
      store.add(result);
      progress.step();
    },
  });
  return { folder, summary: store.isComplete ? await store.finish(scenario) : undefined, added: units.length };
}

/**
 * Puts the results of shards together.
 * @throws {SimulationConfigError} naming the first unit that none of them has
 */
export async function mergeShards(
  scenarioOf: (name: string) => Scenario,
  folders: readonly string[],
  folder: string,
): Promise<Sweep> {
  const [first] = folders.map(readManifest);
  if (first === undefined) throw new SimulationConfigError("folders", 0, "at least one");
  const scenario = scenarioOf(first.config.scenario);
  const plan = planOf(scenario, first.config);
  const store = await ResultStore.open(folder, plan);
  let added = 0;
  for (const each of folders) {
    const { configHash } = readManifest(each);
    if (configHash !== first.configHash)
      throw new SimulationConfigError(`configHash of ${each}`, configHash, first.configHash);
    for (const result of readUnits(each)) {
      if (store.isDone(result.unit)) continue;
      store.add(result);
      added++;
    }
  }
  const missing = plan.units.find(({ index }) => !store.isDone(index));
  if (missing) throw new SimulationConfigError(`unit ${missing.index}`, "missing", "in one of the folders");
  return { folder, summary: await store.finish(scenario), added };
}
