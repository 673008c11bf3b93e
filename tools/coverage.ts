import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as Edr from "@nomicfoundation/edr";
import { B52Error } from "../src/protocol/errors.ts";
import { PROJECT_ROOT, projectPath } from "../src/setup/project.ts";
import { compileSources } from "./mutation/compileSources.ts";
import { contractTests, mochaHits } from "./mutation/mochaTests.ts";
import type { CompiledContract } from "./mutation/solidityCompiler.ts";
import { readSoliditySources, type SoliditySources } from "./mutation/soliditySources.ts";
import { runSuite, suitesOf } from "./mutation/solidityTests.ts";
import { createWorkspace, writeArtifacts } from "./mutation/workspace.ts";

const edr = createRequire(createRequire(import.meta.url).resolve("hardhat"))("@nomicfoundation/edr") as typeof Edr;

const CORE = /^contracts\/(?!mocks\/|interfaces\/)/;

export interface FileCoverage {
  readonly path: string;
  /** Lines on which a statement begins. */
  readonly lines: number;
  /** Those of them with a statement that no test reaches. */
  readonly missed: readonly number[];
}

/** A statement: `tag` is what instrumented code reports when it gets there. */
interface Statement {
  readonly tag: string;
  readonly path: string;
  readonly line: number;
}

export interface CoverageOptions {
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

/**
 * Runs the Solidity tests but `LEFT_OUT`, and the TypeScript tests that call contracts, on instrumented code.
 *
 * `hardhat --coverage` embeds all instrumented contracts in every test, which takes its compiler many minutes; here
 * tests get them by name.
 * @throws {B52Error} if a test fails
 */
export async function measureCoverage({ signal, note }: CoverageOptions): Promise<FileCoverage[]> {
  const { sources, statements } = instrument(readSoliditySources(PROJECT_ROOT));
  const artifacts = await compileSources(sources, projectPath("build", "coverage"), signal);
  note(`compiled ${artifacts.size} contracts`);

  const hit = new Set<string>();
  const suites = suitesOf(artifacts);
  for (const suite of suites) {
    const results = await runSuite(PROJECT_ROOT, suite, artifacts, {
      onHits: (tags) => tags.forEach((tag) => hit.add(tag)),
    });
    const failed = results.find(({ failure }) => failure !== undefined);
    if (failed) throw new B52Error(`${suite} ${failed.test} fails: ${failed.failure}`);
  }
  note(`ran ${suites.length} Solidity suites`);
  signal?.throwIfAborted();

  for (const tag of await hitByMocha(artifacts, new Set(sources.deployable.keys()), note, signal)) hit.add(tag);
  return coverageOf(statements, hit);
}

function instrument(sources: SoliditySources): { sources: SoliditySources; statements: Statement[] } {
  const { content: library, filename } = (
    createRequire(import.meta.url)("@nomicfoundation/edr/coverage") as {
      getCoverageLibrary(): { content: string; filename: string };
    }
  ).getCoverageLibrary();
  // A report must leave fresh memory as it is, because the registry's loops count on zeros there: it is made from
  // scratch space.
  const content = new Map(sources.content).set(filename, library.replace("let ptr := mload(0x40)", "let ptr := 0"));
  const imports = new Map(sources.imports);
  const statements: Statement[] = [];
  for (const [path, source] of sources.content) {
    if (!CORE.test(path)) continue;
    const { source: instrumented, metadata } = edr.addStatementCoverageInstrumentation(
      source,
      path,
      edr.latestSupportedSolidityVersion(),
    );
    content.set(path, instrumented);
    imports.set(path, [...imports.get(path)!, filename]);
    for (const { tag, startUtf16 } of metadata) {
      statements.push({
        tag: Buffer.from(tag).toString("hex"),
        path,
        line: source.slice(0, Number(startUtf16)).split("\n").length,
      });
    }
  }
  return { sources: { ...sources, content, imports }, statements };
}

/** Tags that TypeScript tests of contracts reach. */
async function hitByMocha(
  artifacts: ReadonlyMap<string, CompiledContract>,
  names: ReadonlySet<string>,
  note: (line: string) => void,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const folder = await mkdtemp(join(tmpdir(), "b52-coverage-"));
  const workspace = join(folder, "project");
  try {
    await createWorkspace(PROJECT_ROOT, workspace);
    await writeArtifacts(workspace, artifacts);
    const hits = new Set<string>();
    for (const file of contractTests(workspace, names)) {
      signal?.throwIfAborted();
      for (const tag of await mochaHits(workspace, file)) hits.add(tag);
      note(`ran ${file}`);
    }
    return hits;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function coverageOf(statements: readonly Statement[], hit: ReadonlySet<string>): FileCoverage[] {
  const lines = (own: readonly Statement[]): number[] =>
    [...new Set(own.map(({ line }) => line))].sort((a, b) => a - b);
  return [...new Set(statements.map(({ path }) => path))].sort().map((path) => {
    const own = statements.filter((statement) => statement.path === path);
    return { path, lines: lines(own).length, missed: lines(own.filter(({ tag }) => !hit.has(tag))) };
  });
}

/** The share of lines that are reached, in percent. */
export function percentage(files: readonly FileCoverage[]): number {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const missed = files.reduce((sum, file) => sum + file.missed.length, 0);
  return lines === 0 ? 100 : (100 * (lines - missed)) / lines;
}
