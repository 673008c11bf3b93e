import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../chain/folders.ts";
import { replaceFile } from "../../chain/replaceFile.ts";
import { SimulationConfigError } from "../errors.ts";
import type { Scenario, SummaryRow } from "../scenario.ts";
import { codeVersion, type CodeVersion } from "./codeVersion.ts";
import { summaryRecords, toCsv } from "./csv.ts";
import type { Config, Plan, Shard } from "./plan.ts";
import type { UnitResult } from "./runUnit.ts";
import { observationsOf, summaryOf } from "./summary.ts";

/** What a folder of results says of itself. */
export interface Manifest extends CodeVersion {
  readonly config: Config;
  readonly configHash: string;
  readonly units: number;
  readonly shard?: Shard;
}

/**
 * A folder of results. Units are appended as they come, so what was stopped goes on where it was; tables are written
 * when all are there, and are the same bytes whoever computed what.
 */
export class ResultStore {
  readonly folder: string;
  readonly #plan: Plan;
  readonly #manifest: Manifest;
  readonly #results = new Map<number, UnitResult>();

  /**
   * @throws {SimulationConfigError} if the folder has results of another configuration or of other code
   * @throws {FolderError} if there cannot be such a folder
   */
  static async open(folder: string, plan: Plan, shard?: Shard): Promise<ResultStore> {
    await makeFolder(folder);
    return new ResultStore(folder, plan, shard);
  }

  private constructor(folder: string, plan: Plan, shard?: Shard) {
    this.folder = folder;
    this.#plan = plan;
    const { config, hash, units } = plan;
    this.#manifest = { ...codeVersion(), config, configHash: hash, units: units.length, ...(shard && { shard }) };
    if (!existsSync(this.#path("manifest.json"))) this.#writeManifest();
    const found = readManifest(folder);
    for (const name of ["configHash", "sources"] as const)
      if (found[name] !== this.#manifest[name])
        throw new SimulationConfigError(
          `${name} of ${folder}`,
          found[name].slice(0, 12),
          `${this.#manifest[name].slice(0, 12)}, or another --out`,
        );
    for (const result of readUnits(folder)) this.#results.set(result.unit, result);
  }

  isDone(unit: number): boolean {
    return this.#results.has(unit);
  }

  get isComplete(): boolean {
    return this.#results.size === this.#plan.units.length;
  }

  add(result: UnitResult): void {
    this.#results.set(result.unit, result);
    appendFileSync(this.#path("units.jsonl"), `${JSON.stringify(result)}\n`);
  }

  /** Writes `observations.csv` and `summary.csv`. @returns the summary */
  async finish(scenario: Scenario): Promise<SummaryRow[]> {
    const rows = observationsOf(this.#plan, [...this.#results.values()]);
    const summary = summaryOf(scenario, rows);
    await replaceFile(this.#path("observations.csv"), [toCsv(rows)]);
    await replaceFile(this.#path("summary.csv"), [toCsv(summaryRecords(summary))]);
    return summary;
  }

  #writeManifest(): void {
    writeFileSync(this.#path("manifest.json"), `${JSON.stringify(this.#manifest, undefined, 2)}\n`);
  }

  #path(name: string): string {
    return join(this.folder, name);
  }
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
}

/** Whole lines; the last one may have been cut off. */
export function readUnits(folder: string): UnitResult[] {
  const path = join(folder, "units.jsonl");
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length !== text.length) writeFileSync(path, whole);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as UnitResult);
}
