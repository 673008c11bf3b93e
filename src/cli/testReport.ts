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
const WAITING: readonly string[] = ["test/sim/realTime.test.ts"];
/** Longest first, so that no process has to wait long for the other one in the end. */
const ORDER: readonly SuiteName[] = ["proofs", "solidity", "games", "circuits", "node"];
/** Suites whose TypeScript is divided, so that it goes where there is room. */
const DIVIDED: readonly SuiteName[] = ["solidity", "node"];
const MOST_PARTS = 3;
/** A part that takes less is not worth a process of its own, whose start takes some seconds. */
const PART_SECONDS = 20;
/** How long a file takes of which that is not known, for each of its bytes. */
const SECONDS_PER_BYTE = 1 / 6_000;
const NOTE_EVERY_MS = 15_000;

/** Runs one suite and shows all that it says. */
export async function runShown({ name, files }: ChosenSuite, options: RunOptions): Promise<TestResult> {
  const onLine = (line: string): void => void process.stdout.write(`${line}\n`);
  return runTests({ name, files }, { ...options, onLine, colors: process.stdout.isTTY });
}

/** Runs suites in two processes at a time, keeps what they say in files, and says how far they are. */
export async function runSideBySide(suites: readonly ChosenSuite[], options: RunOptions): Promise<TestResult[]> {
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  const runs = ORDER.flatMap((name) => suites.filter((suite) => suite.name === name)).flatMap((suite) =>
    partsOf(suite, options.secondsOf),
  );
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

/** Parts of a suite that take about as long. */
function partsOf({ name, files }: ChosenSuite, secondsOf: RunOptions["secondsOf"] = () => undefined): TestRun[] {
  if (!DIVIDED.includes(name)) return [{ name, files }];
  const seconds = (file: string): number => secondsOf(file) ?? statSync(projectPath(file)).size * SECONDS_PER_BYTE;
  const [solidity, waiting] = [files.filter(isSolidity), files.filter((file) => WAITING.includes(file))];
  const others = files.filter((file) => !isSolidity(file) && !WAITING.includes(file));
  const total = others.reduce((sum, file) => sum + seconds(file), 0);
  const length = Math.min(MOST_PARTS, Math.ceil(total / PART_SECONDS));
  const parts = Array.from({ length }, () => ({ files: [] as string[], seconds: 0 }));
  for (const file of others.sort((a, b) => seconds(b) - seconds(a))) {
    const least = parts.reduce((best, part) => (part.seconds < best.seconds ? part : best));
    least.files.push(file);
    least.seconds += seconds(file);
  }
  return [
    ...(solidity.length > 0 ? [{ name, files: solidity }] : []),
    ...(waiting.length > 0 ? [{ name: `${name}-clock`, files: waiting }] : []),
    ...parts.map((part, index) => ({ name: `${name}-${index + 1}`, files: part.files.sort() })),
  ];
}

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
