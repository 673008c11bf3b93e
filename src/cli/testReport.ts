import { statSync } from "node:fs";
import { relative } from "node:path";
import { PROJECT_ROOT, projectPath } from "../setup/project.ts";
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
}

/** As many as there are processors in the machines that this is for. More would make tests with a clock fail. */
const PROCESSES = 2;
/** Longest first, so that no process has to wait long for the other one in the end. */
const ORDER: readonly SuiteName[] = ["proofs", "solidity", "games", "circuits", "node"];
/** `node` has nothing that takes long: it goes where there is room. */
const NODE_PARTS = 3;
const NOTE_EVERY_MS = 15_000;

/** Runs one suite and shows all that it says. */
export async function runShown({ name, files }: ChosenSuite, options: RunOptions): Promise<TestResult> {
  const onLine = (line: string): void => void process.stdout.write(`${line}\n`);
  return runTests({ name, files }, { ...options, onLine, colors: process.stdout.isTTY });
}

/** Runs suites in two processes at a time, keeps what they say in files, and says how far they are. */
export async function runSideBySide(suites: readonly ChosenSuite[], options: RunOptions): Promise<TestResult[]> {
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  const waiting = ORDER.flatMap((name) => suites.filter((suite) => suite.name === name)).flatMap(partsOf);
  const passed = new Map<TestRun, number>();
  const results = new Map<string, TestResult>();
  const work = async (): Promise<void> => {
    for (let run = takeNext(waiting, [...passed.keys()]); run; run = takeNext(waiting, [...passed.keys()])) {
      const { name } = run;
      const key = run;
      passed.set(key, 0);
      note(`${name}: ${run.files.length} files`);
      const onLine = (line: string): void => {
        if (/^\s*✔ /.test(line)) passed.set(key, passed.get(key)! + 1);
      };
      const result = await runTestsQuietly(run, { ...options, onLine });
      passed.delete(key);
      note(`${name}: ${countsOf(result)} in ${result.seconds.toFixed(0)} s`);
      if (result.failures.length > 0) {
        note(`\n${result.failures.join("\n")}\nAll output: ${relative(PROJECT_ROOT, logPath(name))}\n`);
      }
      results.set(name, result);
    }
  };
  const timer = setInterval(() => {
    note([...passed].map(([{ name }, count]) => `${name}: ${count} passed so far`).join(", "));
  }, NOTE_EVERY_MS);
  try {
    await Promise.all(Array.from({ length: PROCESSES }, work));
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

/** Parts of about as much text. */
function partsOf({ name, files }: ChosenSuite): TestRun[] {
  if (name !== "node" || files.length < NODE_PARTS) return [{ name, files }];
  const size = (file: string): number => statSync(projectPath(file)).size;
  const parts = Array.from({ length: NODE_PARTS }, () => ({ files: [] as string[], size: 0 }));
  for (const file of [...files].sort((a, b) => size(b) - size(a))) {
    const least = parts.reduce((best, part) => (part.size < best.size ? part : best));
    least.files.push(file);
    least.size += size(file);
  }
  return parts.map((part, index) => ({ name: `${name}-${index + 1}`, files: part.files.sort() }));
}

const NAMES = ["passing", "failing", "pending"] as const;

const countsOf = (result: TestResult): string =>
  NAMES.filter((name) => name === "passing" || result[name] > 0)
    .map((name) => `${result[name]} ${name}`)
    .join(", ");

/** As Hardhat ends a run of several kinds of tests: `120 passing (80 solidity, 40 node)`, a line for each count. */
export function summaryOf(results: readonly TestResult[]): string {
  return NAMES.map((name) => {
    const parts = results.filter((result) => result[name] > 0);
    if (parts.length === 0)
      return name === "passing" && results.every(({ failing }) => failing === 0) ? "0 passing\n" : "";
    const total = parts.reduce((sum, result) => sum + result[name], 0);
    return `${total} ${name} (${parts.map((part) => `${part[name]} ${part.name}`).join(", ")})\n`;
  }).join("");
}
