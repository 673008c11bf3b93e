import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
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

/** How one file of a run fared. */
export interface FileResult {
  /** Path from the top of the project. */
  readonly file: string;
  readonly passing: number;
  readonly pending: number;
  /** Of its tests and hooks; 0 for Solidity, whose runner does not say. */
  readonly seconds: number;
}

export interface TestResult {
  readonly name: string;
  readonly seconds: number;
  readonly passing: number;
  readonly failing: number;
  readonly pending: number;
  /** What was said about each test that failed. */
  readonly failures: readonly string[];
  /** Files of which all tests are counted above; fewer than ran where a process did not come to its end. */
  readonly files: readonly FileResult[];
}

/** Names, in the environment of a process that runs tests, where it is to write how each file fared. */
export const FILE_RESULTS = "B52_TEST_FILES";

/** The end of what both test runners say: how many tests there were. */
const COUNT = /^ {2}(\d+) (passing|failing|pending|skipped)\b/;

/** How long a process that has counted its tests may take to end: what is left open would keep it for ever. */
const LINGER_MS = 30_000;

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
  const ran: FileResult[] = [];
  for (const [kind, files] of [
    ["solidity", run.files.filter(isSolidity)],
    ["mocha", run.files.filter((file) => !isSolidity(file))],
  ] as const) {
    if (files.length === 0) continue;
    const part = await runKind(kind, files, options);
    for (const name of ["passing", "failing", "pending"] as const) counts[name] += part[name];
    failures.push(...part.failures);
    ran.push(...part.files);
  }
  return { name: run.name, seconds: (performance.now() - start) / 1_000, ...counts, failures, files: ran };
}

async function runKind(
  kind: "solidity" | "mocha",
  files: readonly string[],
  { signal, grep, onLine, colors }: TestRunOptions,
): Promise<Omit<TestResult, "name" | "seconds">> {
  const counts = { passing: 0, failing: 0, pending: 0 };
  const lines: string[] = [];
  const fileResults = projectPath("build", "tests", `${randomUUID()}.json`);
  await mkdir(dirname(fileResults), { recursive: true });
  let end = Infinity;
  const args = ["test", kind, ...files, "--no-compile", ...(grep === undefined ? [] : ["--grep", grep])];
  const lingers = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const exit = runHardhat(args, {
    signal: AbortSignal.any([signal, lingers.signal]),
    env: { [FILE_RESULTS]: fileResults, ...(colors && { FORCE_COLOR: "1" }) },
    onLine(line) {
      onLine(line);
      const plain = stripVTControlCharacters(line);
      const [, count, what] = COUNT.exec(plain) ?? [];
      if (count !== undefined) {
        end = Math.min(end, lines.length);
        timer ??= setTimeout(() => lingers.abort(), LINGER_MS);
        counts[what === "skipped" ? "pending" : (what as keyof typeof counts)] += Number(count);
      }
      lines.push(plain);
    },
  });
  const exitCode = await exit
    .catch((error: unknown) => {
      if (signal.aborted || !lingers.signal.aborted) throw error;
      onLine("All tests have run, but something that they began keeps the process from its end: it was ended.");
      return counts.failing > 0 ? 1 : 0;
    })
    .finally(() => clearTimeout(timer));
  const ran = kind === "solidity" ? solidityResults(lines) : await takeResults(fileResults);
  if (exitCode === 0 && counts.failing === 0) return { ...counts, failures: [], files: ran };
  if (counts.failing > 0) return { ...counts, failures: lines.slice(end), files: ran };
  const failures = [`exit code ${exitCode}, without a count:`, ...lines.slice(-LAST_LINES)];
  return { ...counts, failing: 1, failures, files: ran };
}

/** What `FileReporter` has written; nothing where the process ended before. */
async function takeResults(path: string): Promise<FileResult[]> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as FileResult[];
  } catch {
    return [];
  } finally {
    await rm(path, { force: true });
  }
}

/** Hardhat names each contract with tests under its file, and lists its tests below. */
function solidityResults(lines: readonly string[]): FileResult[] {
  const files = new Map<string, { passing: number; pending: number }>();
  let current = { passing: 0, pending: 0 };
  for (const line of lines) {
    const [, file] = /^ {2}(\S+\.sol):\w+$/.exec(line) ?? [];
    if (file !== undefined) files.set(file, (current = files.get(file) ?? { passing: 0, pending: 0 }));
    else if (/^ {4}✔ /.test(line)) current.passing++;
    else if (/^ {4}- /.test(line)) current.pending++;
  }
  return [...files].map(([file, counts]) => ({ file, ...counts, seconds: 0 }));
}

/** Where the whole output of a run is kept that was not shown. */
export const logPath = (name: string): string => projectPath("build", "tests", `${name}.log`);

/** As `runTests`, with the output in `logPath(name)`. */
export async function runTestsQuietly(run: TestRun, options: TestRunOptions): Promise<TestResult> {
  await mkdir(dirname(logPath(run.name)), { recursive: true });
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
