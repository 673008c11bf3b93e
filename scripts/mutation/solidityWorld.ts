import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { B52Error } from "../../src/protocol/errors.ts";
import { applyMutant, type Mutant } from "./mutant.ts";
import { compileSolidity, compileSomehow, type CompiledContract, type Pipeline, SolidityError } from "./solidityCompiler.ts";
import { closure, readSoliditySources, type SoliditySources } from "./soliditySources.ts";
import { type Artifacts, firstFailure, isSuite } from "./solidityTests.ts";

/** What tests make of a mutant. */
export type Outcome = { readonly status: "killed"; readonly by: string } | { readonly status: "survived" | "invalid" | "sameCode" };

/** Contracts and tests as they are without any mutant. */
export interface SolidityWorld {
  readonly root: string;
  readonly sources: SoliditySources;
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  readonly artifacts: Artifacts;
  /** Shortest first. */
  readonly suites: readonly string[];
}

/** What takes longest of a world, to be shared by processes. */
interface StoredWorld {
  readonly pipelines: readonly (readonly [string, Pipeline])[];
  readonly artifacts: readonly (readonly [string, CompiledContract])[];
  readonly suites: readonly string[];
}

/** Compiles everything and runs every test once. @throws {B52Error} if one fails */
export async function buildSolidityWorld(root: string, storePath: string, note: (line: string) => void): Promise<void> {
  const sources = readSoliditySources(root);
  const pipelines = new Map<string, Pipeline>();
  const artifacts = new Map<string, CompiledContract>();
  for (const path of new Set([...sources.deployable.values(), ...testFiles(sources)])) {
    const { pipeline, contracts } = compileSomehow(path, sources.content, sources.imports);
    pipelines.set(path, pipeline);
    for (const [name, contract] of contracts) artifacts.set(`${path}:${name}`, contract);
  }
  note(`compiled ${artifacts.size} contracts`);
  const durations = new Map<string, number>();
  for (const suite of suitesOf(artifacts)) {
    const started = performance.now();
    const failure = await firstFailure(root, [suite], artifacts);
    if (failure) throw new B52Error(`tests fail without any mutant: ${suite} ${failure.test} ${failure.reason}`, { failure });
    durations.set(suite, performance.now() - started);
  }
  note(`ran ${durations.size} suites`);
  const suites = [...durations].sort(([, a], [, b]) => a - b).map(([suite]) => suite);
  const stored: StoredWorld = { pipelines: [...pipelines], artifacts: [...artifacts], suites };
  await writeFile(storePath, JSON.stringify(stored));
}

export async function loadSolidityWorld(root: string, storePath: string): Promise<SolidityWorld> {
  const { pipelines, artifacts, suites } = JSON.parse(await readFile(storePath, "utf8")) as StoredWorld;
  return { root, sources: readSoliditySources(root), pipelines: new Map(pipelines), artifacts: new Map(artifacts), suites };
}

const testFiles = ({ content }: SoliditySources): string[] => [...content.keys()].filter((path) => path.endsWith(".t.sol"));

const suitesOf = (artifacts: Artifacts): string[] =>
  [...artifacts].filter(([id, contract]) => id.includes(".t.sol:") && isSuite(contract)).map(([id]) => id);

/**
 * Compiles what the mutant is part of and runs the tests that concern it.
 * @returns `sameCode` if the compiler makes the same of it in every contract and test
 */
export async function trySolidityMutant(world: SolidityWorld, mutant: Mutant): Promise<{ outcome: Outcome; changed: Artifacts }> {
  const { root, sources, artifacts } = world;
  const content = new Map(sources.content).set(mutant.path, applyMutant(sources.content.get(mutant.path)!, mutant));
  const changed = new Map<string, CompiledContract>();
  const compile = (path: string): boolean => {
    let isChanged = false;
    for (const [name, contract] of compileLike(world, path, content)) {
      const id = `${path}:${name}`;
      if (contract.bytecode === artifacts.get(id)?.bytecode) continue;
      changed.set(id, contract);
      isChanged = true;
    }
    return isChanged;
  };
  const finish = (outcome: Outcome): { outcome: Outcome; changed: Artifacts } => ({ outcome, changed });

  try {
    const concerned = new Set(world.suites.map(fileOf).filter((path) => callsItself(path, mutant.path, sources)));
    const deploying = new Map(world.suites.map((suite) => [suite, sources.deployedBy(fileOf(suite))]));
    const affected = [...sources.deployable].filter(([, path]) => closure(path, sources.imports).has(mutant.path));

    // Tests of a library alone need no contract.
    const alone = world.suites.filter(
      (suite) => concerned.has(fileOf(suite)) && !affected.some(([name]) => deploying.get(suite)!.has(name)),
    );
    for (const path of new Set(alone.map(fileOf))) compile(path);
    let failure = await firstFailure(
      root,
      byRelevance(
        alone.filter((suite) => changed.has(suite)),
        mutant,
        content,
      ),
      new Map([...artifacts, ...changed]),
    );
    if (failure) return finish({ status: "killed", by: `${failure.suite} ${failure.test}` });

    const needed = affected.filter(([name]) => [...deploying.values()].some((names) => names.has(name)) || name.endsWith("Harness"));
    const changedNames = new Set(needed.filter(([, path]) => compile(path)).map(([name]) => name));
    const rest = world.suites.filter(
      (suite) => !alone.includes(suite) && [...deploying.get(suite)!].some((name) => changedNames.has(name)),
    );
    for (const suite of byRelevance(rest, mutant, content)) {
      if (concerned.has(fileOf(suite)) && !changed.has(suite)) compile(fileOf(suite));
      failure = await firstFailure(root, [suite], new Map([...artifacts, ...changed]));
      if (failure) return finish({ status: "killed", by: `${failure.suite} ${failure.test}` });
    }
    return finish({ status: changed.size === 0 ? "sameCode" : "survived" });
  } catch (error) {
    if (error instanceof SolidityError) return finish({ status: "invalid" });
    throw error;
  }
}

function compileLike(
  { pipelines, sources }: SolidityWorld,
  path: string,
  content: ReadonlyMap<string, string>,
): Map<string, CompiledContract> {
  const pipeline = pipelines.get(path)!;
  if (pipeline === "legacy") return compileSomehow(path, content, sources.imports).contracts;
  return compileSolidity(path, content, sources.imports, pipeline);
}

const fileOf = (suite: string): string => suite.split(":")[0]!;

/** Whether a test may call the mutated code in its own, and not in that of a contract it deploys. */
function callsItself(test: string, mutated: string, { imports, deployable }: SoliditySources): boolean {
  const contracts = new Set(deployable.values());
  return [...closure(test, imports)]
    .filter((path) => path.startsWith("test/"))
    .flatMap((path) => imports.get(path) ?? [])
    .some(
      (path) =>
        path.startsWith("contracts/") && !path.includes("/interfaces/") && !contracts.has(path) && closure(path, imports).has(mutated),
    );
}

/** Those first that are named like what was changed, otherwise the shortest: the sooner one fails, the better. */
function byRelevance(suites: readonly string[], { path, start }: Mutant, content: ReadonlyMap<string, string>): string[] {
  const before = content.get(path)!.slice(0, start);
  const called = [...before.matchAll(/\bfunction _?(\w+)/g)].at(-1)?.[1] ?? "start";
  const contract = basename(path, ".sol");
  const rank = (suite: string): number => {
    const file = fileOf(suite);
    const folder = basename(dirname(file));
    const isOwn = folder === contract || (folder === "Rollup" && dirname(path).endsWith("rollup"));
    return (basename(file).startsWith(`${called}.`) ? 0 : 2) + (isOwn ? 0 : 1);
  };
  return suites.toSorted((a, b) => rank(a) - rank(b));
}
