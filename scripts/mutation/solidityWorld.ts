import { readFile, writeFile } from "node:fs/promises";
import { B52Error } from "../../src/protocol/errors.ts";
import { compileSources } from "./compileSources.ts";
import { MochaSession } from "./mochaSession.ts";
import { contractTests, mochaHits } from "./mochaTests.ts";
import type { Mutant } from "./mutant.ts";
import { mutateSources } from "./mutatedSources.ts";
import { NONE, type Placeholder, REPORTING, select } from "./selection.ts";
import { readSoliditySources, type SoliditySources } from "./soliditySources.ts";
import { type Artifacts, runSuite, suitesOf } from "./solidityTests.ts";
import { writeArtifacts } from "./workspace.ts";

/** Tests that take longer come last, one by one. */
const SHORT_MS = 150;
/** What a mutant may use in a test: times as much gas as the original, and what any set-up needs. */
const GAS_FACTOR = 8n;
const GAS_LEAST = 2n ** 29n;

/** What tests make of a mutant. */
export type Outcome =
  | { readonly status: "killed"; readonly by: string }
  | { readonly status: "survived"; readonly isReached: boolean }
  /** It does not compile; or it does, but not beside the original, and was not tried; or tests took far too long to tell. */
  | { readonly status: "invalid" | "untried" | "timeout" };

/** A test, and which mutants it reaches, by number. */
export interface SolidityTest {
  readonly suite: string;
  /** Without parameters. */
  readonly test: string;
  readonly milliseconds: number;
  readonly gas: bigint;
  readonly reaches: readonly number[];
}

/** A TypeScript test file, and which mutants it reaches. */
export interface TestFile {
  readonly file: string;
  readonly tests: number;
  readonly milliseconds: number;
  readonly reaches: readonly number[];
}

/** Contracts with all mutants in them, and the tests. */
export interface SolidityWorld {
  readonly artifacts: Artifacts;
  readonly placeholders: readonly Placeholder[];
  /** Of mutants that can be tried, by id. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Ids of mutants that do not compile. */
  readonly invalid: ReadonlySet<string>;
  /** Fastest first. */
  readonly tests: readonly SolidityTest[];
  /** Fastest first. */
  readonly files: readonly TestFile[];
  /** What a suite deploys by name. */
  readonly deployed: ReadonlyMap<string, readonly string[]>;
}

/** Compiles everything and runs every test twice, to see that it passes and what it reaches. @throws {B52Error} if one fails */
export async function buildSolidityWorld(
  root: string,
  mutants: readonly Mutant[],
  cacheDir: string,
  note: (line: string) => void,
): Promise<SolidityWorld> {
  const { sources, numbers, placeholders, invalid, untried } = mutateSources(readSoliditySources(root), mutants);
  note(`${numbers.size} mutants stand beside the original, ${invalid.size} do not compile, ${untried.size} have no place`);
  const artifacts = await compileSources(sources, cacheDir);
  note(`compiled ${artifacts.size} contracts`);
  const world = {
    artifacts,
    placeholders,
    numbers: new Map([...numbers].map(([{ id }, number]) => [id, number])),
    invalid: new Set([...invalid].map(({ id }) => id)),
    deployed: deployedBySuites(sources, artifacts),
  };
  const everywhere = placeholders.map(({ mutant }) => mutant);
  const tests: SolidityTest[] = [];
  const [plain, reporting] = [NONE, REPORTING].map((number) => select(artifacts, placeholders, number)) as [Artifacts, Artifacts];
  for (const suite of world.deployed.keys()) {
    for (const { test, milliseconds, gas, failure } of await runSuite(root, suite, only(world, suite, plain))) {
      if (failure !== undefined) throw new B52Error(`tests fail without any mutant: ${suite} ${test} ${failure}`);
      const name = test.slice(0, test.indexOf("("));
      const reached = new Set(everywhere);
      const onHits = (tags: readonly string[]): void => tags.forEach((tag) => reached.add(Number(`0x${tag}`)));
      await runSuite(root, suite, only(world, suite, reporting), { only: [name], onHits });
      tests.push({ suite, test: name, milliseconds, gas, reaches: [...reached] });
    }
  }
  note(`ran ${tests.length} Solidity tests`);
  const files = await runTestFiles(root, new Set(sources.deployable.keys()), plain, reporting, note);
  return { ...world, tests: tests.sort(fastestFirst), files: files.sort(fastestFirst) };
}

const fastestFirst = (a: { milliseconds: number }, b: { milliseconds: number }): number => a.milliseconds - b.milliseconds;

/** Runs the TypeScript tests that deploy contracts twice, as the Solidity tests. */
async function runTestFiles(
  root: string,
  names: ReadonlySet<string>,
  plain: Artifacts,
  reporting: Artifacts,
  note: (line: string) => void,
): Promise<TestFile[]> {
  const session = new MochaSession(root);
  try {
    const files: TestFile[] = [];
    for (const file of contractTests(root, names)) {
      await writeArtifacts(root, plain);
      const started = performance.now();
      const result = await session.run(file);
      if (result.status !== "passed") throw new B52Error(`tests fail without any mutant: ${file} ${JSON.stringify(result)}`);
      const milliseconds = performance.now() - started;
      await writeArtifacts(root, reporting);
      const tags = await mochaHits(root, file);
      files.push({ file, tests: result.tests, milliseconds, reaches: [...tags].map((tag) => Number(`0x${tag}`)) });
      note(`ran ${file}`);
    }
    return files;
  } finally {
    session.close();
  }
}

function deployedBySuites(sources: SoliditySources, artifacts: Artifacts): Map<string, string[]> {
  const deployed = (suite: string): string[] =>
    [...sources.deployedBy(suite.split(":")[0]!)].map((name) => `${sources.deployable.get(name)}:${name}`);
  return new Map(suitesOf(artifacts).map((suite) => [suite, deployed(suite)]));
}

/** A suite, and what it needs. */
function only({ deployed }: Pick<SolidityWorld, "deployed">, suite: string, artifacts: Artifacts): Artifacts {
  return new Map([suite, ...deployed.get(suite)!].map((id) => [id, artifacts.get(id)!]));
}

/** Runs the Solidity tests that reach a mutant, up to the first that fails. Short ones go first, a suite at a time. */
export async function tryInSolidity(world: SolidityWorld, root: string, number: number): Promise<Outcome> {
  const reaching = world.tests.filter(({ reaches }) => reaches.includes(number));
  const short = new Map<string, SolidityTest[]>();
  const long: [string, SolidityTest[]][] = [];
  for (const test of reaching) {
    if (test.milliseconds > SHORT_MS) long.push([test.suite, [test]]);
    else short.set(test.suite, [...(short.get(test.suite) ?? []), test]);
  }
  for (const [suite, tests] of [...short, ...long]) {
    const artifacts = select(only(world, suite, world.artifacts), world.placeholders, BigInt(number));
    const gasLimit = tests.reduce((most, { gas }) => (gas * GAS_FACTOR > most ? gas * GAS_FACTOR : most), GAS_LEAST);
    const results = await runSuite(root, suite, artifacts, { only: tests.map(({ test }) => test), gasLimit });
    const failed = results.find(({ failure }) => failure !== undefined);
    if (failed) return { status: "killed", by: `${suite} ${failed.test}` };
  }
  return { status: "survived", isReached: reaching.length > 0 };
}

/** Runs the TypeScript tests that reach a mutant, up to the first that fails. The workspace's artifacts are the mutant's after that. */
export async function tryInTypeScript(world: SolidityWorld, session: MochaSession, root: string, number: number): Promise<Outcome> {
  // What stands in the place of a number that assembly uses reports nothing.
  const isEverywhere = world.placeholders.some(({ mutant }) => mutant === number);
  const reaching = world.files.filter(({ reaches }) => isEverywhere || reaches.includes(number));
  if (reaching.length > 0) await writeArtifacts(root, select(world.artifacts, world.placeholders, BigInt(number)));
  for (const { file, tests } of reaching) {
    const result = await session.run(file);
    if (result.status === "failed") return { status: "killed", by: `${file} ${result.test}` };
    if (result.status === "timeout") return { status: "timeout" };
    if (result.tests !== tests) throw new B52Error(`${file}: ${result.tests} tests ran, expected ${tests}`);
  }
  return { status: "survived", isReached: reaching.length > 0 };
}

export async function saveWorld(path: string, world: SolidityWorld): Promise<void> {
  await writeFile(
    path,
    JSON.stringify(world, (_, value: unknown) => {
      if (value instanceof Map) return { map: [...value] };
      if (value instanceof Set) return { set: [...value] };
      return typeof value === "bigint" ? { bigint: String(value) } : value;
    }),
  );
}

export async function loadWorld(path: string): Promise<SolidityWorld> {
  return JSON.parse(await readFile(path, "utf8"), (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if ("map" in value) return new Map(value.map as [unknown, unknown][]);
    if ("set" in value) return new Set(value.set as unknown[]);
    return "bigint" in value ? BigInt(value.bigint as string) : value;
  }) as SolidityWorld;
}
