import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { B52Error } from "../src/protocol/errors.ts";
import { PROJECT_ROOT, projectPath } from "../src/setup/project.ts";
import { circomMutants } from "./mutation/circomOperators.ts";
import { describeMutant, type Mutant } from "./mutation/mutant.ts";
import { solidityMutants } from "./mutation/solidityOperators.ts";
import type { Outcome } from "./mutation/solidityWorld.ts";
import { TestProcess } from "./mutation/testProcess.ts";
import { createWorkspace } from "./mutation/workspace.ts";

/** Mutants that no test can tell apart, by id, and why. */
export const EXPLANATIONS_PATH = "test/mutants.json";

const NOT_MUTATED = /^contracts\/(?:mocks|interfaces)\//;

export interface MutateOptions {
  /** Files or folders in the project, or ids of mutants; all by default. */
  readonly only?: readonly string[] | undefined;
  /** Mutants to try, chosen by the seed; all by default. */
  readonly limit?: number | undefined;
  readonly seed: string;
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

export interface MutationReport {
  readonly seed: string;
  readonly mutants: number;
  readonly tried: number;
  readonly killed: number;
  /** They do not compile. */
  readonly invalid: number;
  /** No test can tell them apart: `EXPLANATIONS_PATH` says why. They are not tried. */
  readonly explained: number;
  readonly survivors: readonly Mutant[];
  /** Tests took far too long to tell. */
  readonly timeouts: readonly Mutant[];
  /** They compile alone, but not beside the original. */
  readonly untried: readonly Mutant[];
  /** Explanations of mutants that do not exist. */
  readonly stale: readonly string[];
}

/** All mutants of the chosen files, in the order of paths and places. */
export async function listMutants(only?: readonly string[]): Promise<Mutant[]> {
  const all: Mutant[] = [];
  for (const path of await mutatedFiles()) {
    const source = await readFile(projectPath(path), "utf8");
    all.push(...(path.endsWith(".sol") ? solidityMutants(path, source) : circomMutants(path, source)));
  }
  if (!only?.length) return all;
  const isWanted = ({ id, path }: Mutant): boolean =>
    only.some((name) => name === id || name === path || path.startsWith(`${name.replace(/\/$/, "")}/`));
  const wanted = all.filter(isWanted);
  if (wanted.length === 0) throw new B52Error(`no mutants in ${only.join(", ")}: name contracts, circuits or mutants`);
  return wanted;
}

async function mutatedFiles(): Promise<string[]> {
  const folders = await Promise.all(
    ["circuits", "contracts"].map((folder) =>
      readdir(projectPath(folder), { recursive: true }).then((names) => names.map((name) => join(folder, name))),
    ),
  );
  return folders
    .flat()
    .filter((path) => /\.(?:sol|circom)$/.test(path) && !NOT_MUTATED.test(path))
    .sort();
}

/** The mutants that a seed chooses, in their order. */
export function chooseMutants(mutants: readonly Mutant[], seed: string, limit = mutants.length): Mutant[] {
  const lot = ({ id }: Mutant): string => createHash("sha256").update(`${seed}\0${id}`).digest("hex");
  const chosen = new Set(mutants.toSorted((a, b) => (lot(a) < lot(b) ? -1 : 1)).slice(0, limit));
  return mutants.filter((mutant) => chosen.has(mutant));
}

export async function readExplanations(): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await readFile(projectPath(EXPLANATIONS_PATH), "utf8")) as Record<string, string>;
}

/**
 * Tries mutants with the tests that reach them, several at a time.
 * @throws {B52Error} if a test fails without any mutant
 */
export async function mutate({ only, limit, seed, signal, note }: MutateOptions): Promise<MutationReport> {
  const everything = await listMutants();
  const all = await listMutants(only);
  const explanations = await readExplanations();
  const chosen = chooseMutants(all, seed, limit);
  const tried = chosen.filter(({ id }) => explanations[id] === undefined);
  const outcomes = await tryMutants(tried, everything, note, signal);
  const having = (status: Outcome["status"]): Mutant[] =>
    tried.filter((mutant) => outcomes.get(mutant)!.status === status);
  return {
    seed,
    mutants: all.length,
    tried: tried.length,
    killed: having("killed").length,
    invalid: having("invalid").length,
    explained: chosen.length - tried.length,
    survivors: having("survived"),
    timeouts: having("timeout"),
    untried: having("untried"),
    stale: Object.keys(explanations).filter((id) => !everything.some((mutant) => mutant.id === id)),
  };
}

/** @param everything all mutants that there are: contracts are compiled once, with all of them inside */
async function tryMutants(
  mutants: readonly Mutant[],
  everything: readonly Mutant[],
  note: (line: string) => void,
  signal?: AbortSignal,
): Promise<Map<Mutant, Outcome>> {
  const outcomes = new Map<Mutant, Outcome>();
  const folder = await mkdtemp(join(tmpdir(), "b52-mutate-"));
  const store = join(folder, "contracts.json");
  const processes: TestProcess[] = [];
  const [contracts, circuits] = [".sol", ".circom"].map((ending) =>
    mutants.filter(({ path }) => path.endsWith(ending)),
  ) as [Mutant[], Mutant[]];
  const queue = [...contracts, ...circuits];
  try {
    const workspaces = Array.from({ length: Math.min(availableParallelism(), mutants.length) }, (_, i) =>
      join(folder, String(i)),
    );
    for (const [i, workspace] of workspaces.entries()) {
      await createWorkspace(i === 0 ? PROJECT_ROOT : workspaces[0]!, workspace);
      const process = new TestProcess({ workspace, store, note, signal });
      processes.push(process);
      if (i > 0) continue;
      if (contracts.length > 0) {
        const inContracts = everything.filter(({ path }) => path.endsWith(".sol"));
        await process.prepare({ task: "contracts", mutants: inContracts, cacheDir: projectPath("build", "mutation") });
      }
      if (circuits.length > 0)
        await process.prepare({ task: "circuits", paths: [...new Set(circuits.map(({ path }) => path))] });
    }
    const started = performance.now();
    const work = async (process: TestProcess): Promise<void> => {
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        const outcome = await process.try(mutant);
        outcomes.set(mutant, outcome);
        const minutes = Math.ceil(
          ((performance.now() - started) / 60_000 / outcomes.size) * (mutants.length - outcomes.size),
        );
        const { length } = mutants;
        note(
          `${`${outcomes.size}/${length}, ${minutes} min left:`.padEnd(28)} ${describeOutcome(outcome)}  ` +
            `${describeMutant(mutant)}${killer(outcome)}`,
        );
      }
    };
    await Promise.all(processes.map(work));
    return outcomes;
  } finally {
    for (const process of processes) process.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const describeOutcome = (outcome: Outcome): string =>
  (outcome.status === "survived" && !outcome.isReached ? "unreached" : outcome.status).padEnd(9);

const killer = (outcome: Outcome): string => ("by" in outcome ? `  [${outcome.by}]` : "");
