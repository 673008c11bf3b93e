import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { projectPath } from "../setup/project.ts";
import { runHardhat } from "../setup/node.ts";
import { isSolidity } from "./suites.ts";

/** Test files that run in one process after another. */
export interface TestRun {
  readonly name: string;
  /** Paths from the top of the project. */
  readonly files: readonly string[];
}

export interface TestRunOptions {
  readonly signal: AbortSignal;
  /** Only tests whose names match. */
  readonly grep?: string | undefined;
  /** Gets each line of the output. */
  readonly onLine: (line: string) => void;
  readonly colors?: boolean;
}

export interface TestResult {
  readonly name: string;
  readonly seconds: number;
  readonly passing: number;
  readonly failing: number;
  readonly pending: number;
  /** What was said about each test that failed. */
  readonly failures: readonly string[];
}

/** The end of what both test runners say: how many tests there were. */
const COUNT = /^ {2}(\d+) (passing|failing|pending|skipped)\b/;

/** How much is shown of a run that ended before it counted. */
const LAST_LINES = 30;

/**
 * Runs Solidity tests, then TypeScript tests, each kind in a process of its own. Neither compiles contracts.
 *
 * @throws An `AbortError` when the signal is aborted
 */
export async function runTests(run: TestRun, options: TestRunOptions): Promise<TestResult> {
  const start = performance.now();
  const counts = { passing: 0, failing: 0, pending: 0 };
  const failures: string[] = [];
  for (const [kind, files] of [
    ["solidity", run.files.filter(isSolidity)],
    ["mocha", run.files.filter((file) => !isSolidity(file))],
  ] as const) {
    if (files.length === 0) continue;
    const part = await runKind(kind, files, options);
    for (const name of ["passing", "failing", "pending"] as const) counts[name] += part[name];
    failures.push(...part.failures);
  }
  return { name: run.name, seconds: (performance.now() - start) / 1_000, ...counts, failures };
}

async function runKind(
  kind: "solidity" | "mocha",
  files: readonly string[],
  { signal, grep, onLine, colors }: TestRunOptions,
): Promise<Omit<TestResult, "name" | "seconds">> {
  const counts = { passing: 0, failing: 0, pending: 0 };
  const lines: string[] = [];
  let end = Infinity;
  const args = ["test", kind, ...files, "--no-compile", ...(grep === undefined ? [] : ["--grep", grep])];
  const exitCode = await runHardhat(args, {
    signal,
    ...(colors && { env: { FORCE_COLOR: "1" } }),
    onLine(line) {
      onLine(line);
      const plain = stripVTControlCharacters(line);
      const [, count, what] = COUNT.exec(plain) ?? [];
      if (count !== undefined) {
        end = Math.min(end, lines.length);
        counts[what === "skipped" ? "pending" : (what as keyof typeof counts)] += Number(count);
      }
      lines.push(plain);
    },
  });
  if (exitCode === 0 && counts.failing === 0) return { ...counts, failures: [] };
  if (counts.failing > 0) return { ...counts, failures: lines.slice(end) };
  return { ...counts, failing: 1, failures: [`exit code ${exitCode}, without a count:`, ...lines.slice(-LAST_LINES)] };
}

/** Where the whole output of a run is kept that was not shown. */
export const logPath = (name: string): string => projectPath("build", "tests", `${name}.log`);

/** As `runTests`, with the output in `logPath(name)`. */
export async function runTestsQuietly(run: TestRun, options: TestRunOptions): Promise<TestResult> {
  await mkdir(projectPath("build", "tests"), { recursive: true });
  const log = createWriteStream(logPath(run.name));
  try {
    return await runTests(run, {
      ...options,
      onLine(line) {
        log.write(`${line}\n`);
        options.onLine(line);
      },
    });
  } finally {
    await new Promise((resolve) => log.end(resolve));
  }
}
