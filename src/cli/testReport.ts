import { statSync } from "node:fs";
import { relative } from "node:path";
import { PROJECT_ROOT, projectPath } from "../setup/project.ts";
import { plural } from "./output.ts";
import { isSolidity, type SuiteName } from "./suites.ts";
import { logPath, runTests, runTestsQuietly, type TestResult, type TestRun } from "./testRun.ts";

/** The files of a suite that are to be run. */
export interface ChosenSuite {
  readonly name: SuiteName;
  readonly files: readonly string[];
}

interface RunOptions {
  readonly signal: AbortSignal;
  readonly grep?: string | undefined;
  /** How long a file took the last time, if that is known. */
  readonly secondsOf?: (file: string) => number | undefined;
}

/** As many as there are processors in the machines that this is for. More would make tests with a clock fail. */
const PROCESSES = 2;
/** Files that wait for a clock most of the time: they run beside those processes. */
const WAITING: readonly string[] = [
  ...["test/sim/realTime.test.ts", "test/e2e/devnet.test.ts", "test/daemon/startNode.test.ts"],
  ...["test/cli/nodes.test.ts", "test/cli/killed.test.ts", "test/cli/relayed.test.ts"],
];
/** What keeps both processors busy by itself: whatever waits comes after it, not beside it. */
const BUSY = "test/e2e/devnet.test.ts";
/** Longest first, so that no process has to wait long for the other one in the end. */
const ORDER: readonly SuiteName[] = ["network", "proofs", "solidity", "games", "circuits", "node"];
/** Suites whose TypeScript is put together and divided, so that it goes where there is room. */
const DIVIDED: readonly SuiteName[] = ["solidity", "node"];
/** What takes less is not worth a second process, whose start takes some seconds. */
const PART_SECONDS = 20;
/** Each process gets a part for so many seconds in all, so that the last parts fill the time that others leave. */
const ROUND_SECONDS = 180;
const MOST_ROUNDS = 4;
/** How long a file takes of which that is not known, for each of its bytes. */
const SECONDS_PER_BYTE = 1 / 3_000;
const NOTE_EVERY_MS = 15_000;

/** Runs one suite and shows all that it says. */
export async function runShown({ name, files }: ChosenSuite, options: RunOptions): Promise<TestResult> {
  const onLine = (line: string): void => void process.stdout.write(`${line}\n`);
  return runTests({ name, files }, { ...options, onLine, colors: process.stdout.isTTY });
}

/** Runs suites in two processes at a time, keeps what they say in files, and says how far they are. */
export async function runSideBySide(suites: readonly ChosenSuite[], options: RunOptions): Promise<TestResult[]> {
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  const runs = partsOf(suites, options.secondsOf);
  const beside = runs.filter(isWaiting);
  const due = runs.filter((run) => !isWaiting(run));
  const passed = new Map<TestRun, number>();
  const results = new Map<string, TestResult>();
  const start = async (run: TestRun): Promise<void> => {
    const { name } = run;
    passed.set(run, 0);
    note(`${name}: ${plural(run.files.length, "file")}`);
    const onLine = (line: string): void => {
      if (/^\s*✔ /.test(line)) passed.set(run, passed.get(run)! + 1);
    };
    const result = await runTestsQuietly(run, { ...options, onLine });
    passed.delete(run);
    note(`${name}: ${countsOf(result)} in ${result.seconds.toFixed(0)} s`);
    if (result.failures.length > 0) {
      note(`\n${result.failures.join("\n")}\nAll output: ${relative(PROJECT_ROOT, logPath(name))}\n`);
    }
    results.set(name, result);
  };
  const work = async (): Promise<void> => {
    for (let run = takeNext(due, [...passed.keys()]); run; run = takeNext(due, [...passed.keys()])) await start(run);
  };
  const timer = setInterval(() => {
    note([...passed].map(([{ name }, count]) => `${name}: ${count} passed so far`).join(", "));
  }, NOTE_EVERY_MS);
  try {
    await Promise.all([...beside.map(start), ...Array.from({ length: PROCESSES }, work)]);
  } finally {
    clearInterval(timer);
  }
  return [...results.values()];
}

/** The first run that may begin. Two of Hardhat's compilations would write one cache, so one waits for the other. */
function takeNext(waiting: TestRun[], running: readonly TestRun[]): TestRun | undefined {
  const compiles = ({ files }: TestRun): boolean => files.some(isSolidity);
  const index = waiting.findIndex((run) => !compiles(run) || !running.some(compiles));
  return index < 0 ? undefined : waiting.splice(index, 1)[0];
}

const isWaiting = ({ files }: TestRun): boolean => files.every((file) => WAITING.includes(file));

/**
 * What runs in a process of its own: suites, or their Solidity where their TypeScript goes into parts that take about
 * as long. There are as many parts for each process, so that none waits long for another one.
 */
export function partsOf(suites: readonly ChosenSuite[], secondsOf: RunOptions["secondsOf"]): TestRun[] {
  const whole: TestRun[] = [];
  const divided: string[] = [];
  for (const name of ORDER) {
    const files = suites.find((suite) => suite.name === name)?.files ?? [];
    const isDivided = (file: string): boolean => DIVIDED.includes(name) && !isSolidity(file);
    const own = files.filter((file) => !isDivided(file) && !WAITING.includes(file));
    if (own.length > 0) whole.push({ name, files: own });
    divided.push(...files.filter(isDivided));
  }
  const waiting = suites.flatMap(({ files }) => files.filter((file) => WAITING.includes(file)));
  const others = divided.filter((file) => !WAITING.includes(file));
  const clocks = spread(waiting, Math.min(waiting.length, waiting.includes(BUSY) ? 1 : PROCESSES), secondsOf);
  return [...named("clock", clocks), ...whole, ...named("typescript", divide(others, secondsOf))];
}

const named = (name: string, parts: readonly string[][]): TestRun[] =>
  parts.map((files, index) => ({ name: `${name}-${index + 1}`, files }));

/** As many parts as are worth their processes. */
function divide(files: readonly string[], secondsOf: RunOptions["secondsOf"]): string[][] {
  const total = files.reduce((sum, file) => sum + secondsFor(file, secondsOf), 0);
  const count = total <= PART_SECONDS ? 1 : PROCESSES * Math.min(MOST_ROUNDS, Math.ceil(total / ROUND_SECONDS));
  return spread(files, Math.min(count, files.length), secondsOf);
}

/** The longest files first, each to the part that has least to do. */
function spread(files: readonly string[], count: number, secondsOf: RunOptions["secondsOf"]): string[][] {
  const seconds = new Map(files.map((file) => [file, secondsFor(file, secondsOf)]));
  const parts = Array.from({ length: count }, () => ({ files: [] as string[], seconds: 0 }));
  for (const file of [...files].sort((a, b) => seconds.get(b)! - seconds.get(a)!)) {
    const least = parts.reduce((best, part) => (part.seconds < best.seconds ? part : best));
    least.files.push(file);
    least.seconds += seconds.get(file)!;
  }
  return parts.map((part) => part.files.sort());
}

const secondsFor = (file: string, secondsOf: RunOptions["secondsOf"]): number =>
  secondsOf?.(file) ?? statSync(projectPath(file)).size * SECONDS_PER_BYTE;

const NAMES = ["passing", "failing", "pending"] as const;

const countsOf = (result: TestResult): string =>
  NAMES.filter((name) => name === "passing" || result[name] > 0)
    .map((name) => `${result[name]} ${name}`)
    .join(", ");

/** Files that did not run because they passed before, and nothing that they depend on has changed since. */
export interface Unchanged {
  readonly files: number;
  readonly passing: number;
}

/** As Hardhat ends a run of several kinds of tests: `120 passing (80 solidity, 40 node)`, a line for each count. */
export function summaryOf(results: readonly TestResult[], unchanged: Unchanged = { files: 0, passing: 0 }): string {
  const counts = NAMES.map((name) => {
    const parts = results.filter((result) => result[name] > 0);
    if (parts.length === 0)
      return name === "passing" && results.every(({ failing }) => failing === 0) ? "0 passing\n" : "";
    const total = parts.reduce((sum, result) => sum + result[name], 0);
    return `${total} ${name} (${parts.map((part) => `${part[name]} ${part.name}`).join(", ")})\n`;
  });
  const { files, passing } = unchanged;
  const before = `${passing} passed before and unchanged (${plural(files, "file")}; --fresh runs all)\n`;
  return [...counts, files === 0 ? "" : before].join("");
}

/** The files that took longest, a line for each. */
export const slowestOf = (results: readonly TestResult[], count: number): string =>
  results
    .flatMap(({ files }) => files)
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ file, passing, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${file} (${passing})\n`)
    .join("");
