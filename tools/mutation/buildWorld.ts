import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { B52Error } from "../../src/protocol/errors.ts";
import { Cache } from "./cache.ts";
import { compileSources } from "./compileSources.ts";
import { MochaSession } from "./mochaSession.ts";
import { contractTests, mochaHits } from "./mochaTests.ts";
import type { Mutant } from "./mutant.ts";
import { mutateSources } from "./mutatedSources.ts";
import { NONE, REPORTING, select } from "./selection.ts";
import { readSoliditySources, type SoliditySources } from "./soliditySources.ts";
import { type Artifacts, runSuite, suitesOf } from "./solidityTests.ts";
import { ofSuite, type SolidityTest, type SolidityWorld, type TestFile } from "./solidityWorld.ts";
import { writeArtifacts } from "./workspace.ts";

/** What TypeScript tests of contracts are made of. */
const TEST_SOURCES = ["deploy", "src", "test/contracts", "test/support", "test/vectors"];

/**
 * Compiles everything and runs every test twice, to see that it passes and which mutants it reaches.
 * @param cacheDir where results are kept for the next time
 * @throws {B52Error} if a test fails
 */
export async function buildSolidityWorld(
  root: string,
  mutants: readonly Mutant[],
  cacheDir: string,
  note: (line: string) => void,
): Promise<SolidityWorld> {
  const { sources, numbers, placeholders, invalid, untried } = mutateSources(readSoliditySources(root), mutants);
  note(
    `${numbers.size} mutants stand beside the original, ${invalid.size} do not compile, ${untried.size} have no place`,
  );
  const artifacts = await compileSources(sources, join(cacheDir, "compiled"));
  note(`compiled ${artifacts.size} contracts`);
  const world = {
    artifacts,
    placeholders,
    numbers: new Map([...numbers].map(([{ id }, number]) => [id, number])),
    invalid: new Set([...invalid].map(({ id }) => id)),
    deployed: deployedBySuites(sources, artifacts),
  };
  const plain = select(artifacts, placeholders, NONE);
  const reporting = select(artifacts, placeholders, REPORTING);

  const cache = new Cache(join(cacheDir, "reached"));
  const tests: SolidityTest[] = [];
  for (const suite of world.deployed.keys()) {
    const [own, reportingOwn] = [plain, reporting].map((all) => ofSuite(world, suite, all)) as [Artifacts, Artifacts];
    tests.push(
      ...(await cache.get([suite, [...reportingOwn], placeholders.map(({ value }) => String(value))], () =>
        runTests(root, suite, own, reportingOwn),
      )),
    );
  }
  note(`ran ${tests.length} Solidity tests`);
  const files = await runTestFiles(root, new Set(sources.deployable.keys()), plain, reporting, cache, note);
  await cache.prune();
  const isEverywhere = placeholders.map(({ mutant }) => mutant);
  return {
    ...world,
    tests: tests.map((test) => ({ ...test, reaches: [...test.reaches, ...isEverywhere] })).sort(fastestFirst),
    files: files.map((file) => ({ ...file, reaches: [...file.reaches, ...isEverywhere] })).sort(fastestFirst),
  };
}

const fastestFirst = (a: { milliseconds: number }, b: { milliseconds: number }): number =>
  a.milliseconds - b.milliseconds;

function deployedBySuites(sources: SoliditySources, artifacts: Artifacts): Map<string, string[]> {
  const deployed = (suite: string): string[] =>
    [...sources.deployedBy(suite.split(":")[0]!)].map((name) => `${sources.deployable.get(name)}:${name}`);
  return new Map(suitesOf(artifacts).map((suite) => [suite, deployed(suite)]));
}

async function runTests(root: string, suite: string, plain: Artifacts, reporting: Artifacts): Promise<SolidityTest[]> {
  const tests: SolidityTest[] = [];
  for (const { test, milliseconds, gas, failure } of await runSuite(root, suite, plain)) {
    if (failure !== undefined) throw new B52Error(`tests fail without any mutant: ${suite} ${test} ${failure}`);
    const name = test.slice(0, test.indexOf("("));
    const reaches = new Set<number>();
    const onHits = (tags: readonly string[]): void => tags.forEach((tag) => reaches.add(Number(`0x${tag}`)));
    await runSuite(root, suite, reporting, { only: [name], onHits });
    tests.push({ suite, test: name, milliseconds, gas, reaches: [...reaches] });
  }
  return tests;
}

async function runTestFiles(
  root: string,
  names: ReadonlySet<string>,
  plain: Artifacts,
  reporting: Artifacts,
  cache: Cache,
  note: (line: string) => void,
): Promise<TestFile[]> {
  const session = new MochaSession(root);
  const sources = await readFolders(root, TEST_SOURCES);
  const code = [...reporting].filter(([id]) => id.startsWith("contracts/"));
  const run = async (file: string): Promise<TestFile> => {
    await writeArtifacts(root, plain);
    const started = performance.now();
    const result = await session.run(file);
    if (result.status !== "passed")
      throw new B52Error(`tests fail without any mutant: ${file} ${JSON.stringify(result)}`);
    const milliseconds = performance.now() - started;
    await writeArtifacts(root, reporting);
    const tags = await mochaHits(root, file);
    note(`ran ${file}`);
    return { file, tests: result.tests, milliseconds, reaches: [...tags].map((tag) => Number(`0x${tag}`)) };
  };
  try {
    const files: TestFile[] = [];
    for (const file of contractTests(root, names)) files.push(await cache.get([file, sources, code], () => run(file)));
    return files;
  } finally {
    session.close();
  }
}

/** TypeScript and JSON files by path. */
async function readFolders(root: string, folders: readonly string[]): Promise<(readonly [string, string])[]> {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => join(folder, name)),
    ),
  );
  const paths = lists.flat().filter((path) => /\.(?:ts|json)$/.test(path));
  return Promise.all(paths.sort().map(async (path) => [path, await readFile(join(root, path), "utf8")] as const));
}
