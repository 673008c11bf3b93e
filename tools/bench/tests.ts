import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_SUITES, suiteOf, testFiles } from "../../src/cli/suites.ts";
import { TestCache } from "../../src/cli/testCache.ts";
import { TestInputs } from "../../src/cli/testInputs.ts";
import { B52Error } from "../../src/protocol/errors.ts";
import { PROJECT_ROOT } from "../../src/setup/project.ts";

/** What is measured, in this order. */
export const TEST_FIGURES = ["demoBare", "default", "oneFile", "all"] as const;

export type TestFigure = (typeof TEST_FIGURES)[number];

export interface TestsBench {
  readonly report: Readonly<Partial<Record<`${TestFigure}Seconds`, number>>>;
  readonly processors: number;
  /** Load average of the last minute, before each measurement. */
  readonly loads: Readonly<Partial<Record<TestFigure, number>>>;
}

/** A command that was to be measured has failed: how long it took says nothing. */
export class MeasuredCommandError extends B52Error {}

/** The file of `src/` that as many seconds of default tests depend on as on the median, by how long they took. */
async function medianFile(clone: string): Promise<string> {
  const cache = await TestCache.open([], { root: clone });
  const inputs = new TestInputs(clone);
  const dependents = testFiles()
    .filter((file) => DEFAULT_SUITES.includes(suiteOf(file)))
    .map((file) => ({ seconds: cache.secondsOf(file) ?? 0, inputs: inputs.of(file) }));
  const secondsOf = (file: string): number =>
    dependents
      .filter(({ inputs }) => inputs.some((input) => input === "." || file === input || file.startsWith(`${input}/`)))
      .reduce((sum, { seconds }) => sum + seconds, 0);
  const files = globSync("src/**/*.ts", { cwd: clone }).map((file) => ({ file, seconds: secondsOf(file) }));
  files.sort((a, b) => a.seconds - b.seconds || (a.file < b.file ? -1 : 1));
  return files[files.length >> 1]!.file;
}

/**
 * Times the commands themselves, in a clone of the last commit in a temporary folder: the demo from nothing, the
 * default tests once that is set up, the same again when one small source file has changed, and all tests. What they
 * say goes to standard error.
 *
 * @param only What is measured; whatever that needs is done beforehand, untimed
 * @throws MeasuredCommandError if a command fails
 */
export async function benchTests(
  only: readonly TestFigure[],
  { signal, note }: { readonly signal: AbortSignal; readonly note: (line: string) => void },
): Promise<TestsBench> {
  const folder = await mkdtemp(join(tmpdir(), "b52-bench-tests-"));
  const clone = join(folder, "b52");
  const run = async (command: string, ...args: string[]): Promise<number> => {
    note(`$ ${[command === "./b52" ? command : "git", ...args].join(" ")}`);
    const start = performance.now();
    const cwd = command === "./b52" ? clone : folder;
    const child = spawn(command, args, { cwd, env: ownEnvironment(), stdio: ["ignore", 2, 2], signal });
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) throw new MeasuredCommandError(`${[command, ...args].join(" ")} failed with exit code ${code}`);
    return (performance.now() - start) / 1_000;
  };
  const seconds: Partial<Record<`${TestFigure}Seconds`, number>> = {};
  const loads: Partial<Record<TestFigure, number>> = {};
  const measure = async (figure: TestFigure, ...args: string[]): Promise<void> => {
    loads[figure] = loadavg()[0]!;
    seconds[`${figure}Seconds`] = Math.round(await run("./b52", ...args));
  };
  try {
    await run("git", "clone", "--quiet", PROJECT_ROOT, clone);
    if (only.includes("demoBare")) await measure("demoBare", "demo");
    await run("./b52", "setup");
    if (only.includes("default")) await measure("default", "test");
    if (only.includes("oneFile")) {
      if (!only.includes("default")) await run("./b52", "test");
      const file = await medianFile(clone);
      note(`a line is added to ${file}`);
      await appendFile(join(clone, file), "\n// Changed.\n");
      await measure("oneFile", "test");
    }
    if (only.includes("all")) await measure("all", "test", "--all");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { report: seconds, processors: availableParallelism(), loads };
}

/** The environment without what is about this process, and without CI, where nothing is left out. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of ["INIT_CWD", "NODE_OPTIONS", "HH_TEST", "NODE_ENV", "CI"]) delete env[name];
  return env;
}
