import { relative } from "node:path";
import { Command, Option } from "commander";
import { B52Error } from "../../protocol/errors.ts";
import type { ProfileName } from "../../protocol/profile.ts";
import { contractsStep } from "../../setup/contracts.ts";
import { PROJECT_ROOT } from "../../setup/project.ts";
import type { CommandContext } from "../context.ts";
import { parseCount } from "../options.ts";
import { callerPath } from "../paths.ts";
import { runPending } from "../progress.ts";
import { EXIT } from "../report.ts";
import { setUp } from "../setup.ts";
import { ALL_SUITES, DEFAULT_SUITES, SUITE_NAMES, type SuiteName, suiteOf, SUITES, testFiles } from "../suites.ts";
import { TestCache } from "../testCache.ts";
import { type ChosenSuite, runShown, runSideBySide, slowestOf, summaryOf } from "../testReport.ts";

/** The profiles that tests prove blocks of. */
export const TESTED_PROFILES: readonly ProfileName[] = ["dev", "deep"];

/** What was named is neither a suite nor a file or folder with tests. */
export class UnknownTestsError extends B52Error {
  constructor(what: string) {
    super(
      `no tests in ${what}: expected a suite (${SUITE_NAMES.join(", ")}), a test file (*.t.sol, *.test.ts), ` +
        "or a folder with some",
      { what },
    );
  }
}

interface TestFlags {
  readonly all?: true;
  readonly network?: true;
  readonly suite?: readonly SuiteName[];
  readonly grep?: string;
  readonly fresh?: true;
  readonly slowest?: number;
}

const suiteHelp = (): string =>
  SUITE_NAMES.map((name) => `  ${name.padEnd(10)}${SUITES[name].what} (${SUITES[name].folders.join(", ")})`).join("\n");

export const testCommand = (context: CommandContext): Command =>
  new Command("test")
    .description("Set up what the chosen tests need, then run them.")
    .argument("[tests...]", `suites, test files or folders of them (default: ${DEFAULT_SUITES.join(" and ")})`)
    .option("--all", `every suite but network (${ALL_SUITES.join(", ")})`)
    .option("--network", "the suite network")
    .addOption(new Option("--suite <name...>", "some suites").choices(SUITE_NAMES))
    .option("--grep <pattern>", "only tests with such a name")
    .option("--fresh", "also what passed before and is unchanged")
    .addOption(new Option("--slowest <count>", "list the files that took longest").argParser(parseCount))
    .addHelpText(
      "after",
      `\nSuites:\n${suiteHelp()}\n
A single file takes seconds, and what it says is shown as it comes:
  ./b52 test test/protocol/float.test.ts
  ./b52 test test/contracts/Rollup/commit.t.sol --grep Refuses`,
    )
    .action(async (named: string[], { all, network, suite = [], grep, fresh, slowest }: TestFlags) => {
      const wanted = [...named, ...(all ? ALL_SUITES : suite), ...(network ? (["network"] as const) : [])];
      const isDefault = wanted.length === 0;
      const suites = chooseTests(isDefault ? DEFAULT_SUITES : wanted);
      const { signal } = context;
      if (suites.some(({ name }) => SUITES[name].needsCircuits)) await setUp({ profiles: TESTED_PROFILES, signal });
      else await runPending([contractsStep], signal);
      const cache = await TestCache.open(suites.flatMap(({ files }) => files));
      const skips = isDefault && skipsUnchanged({ fresh, grep }, process.env);
      const passed = (file: string) => (skips ? cache.passed(file) : undefined);
      const due = suites
        .map(({ name, files }) => ({ name, files: files.filter((file) => passed(file) === undefined) }))
        .filter(({ files }) => files.length > 0);
      const options = { signal, grep, secondsOf: (file: string) => cache.secondsOf(file) };
      const results =
        due.length === 1 && !isDefault ? [await runShown(due[0]!, options)] : await runSideBySide(due, options);
      const hasFailed = results.some(({ failing }) => failing > 0);
      const ran = due.flatMap(({ files }) => files);
      // Files of which some tests were chosen are not known to pass.
      if (grep === undefined || hasFailed) await cache.remember(ran, grep === undefined ? results : []);
      const before = suites.flatMap(({ files }) => files.flatMap((file) => passed(file) ?? []));
      const passing = before.reduce((sum, file) => sum + file.passing, 0);
      if (slowest !== undefined) process.stdout.write(slowestOf(results, slowest));
      process.stdout.write(summaryOf(results, { files: before.length, passing }));
      if (hasFailed) process.exitCode = EXIT.failed;
    });

/** Whether the default tests leave out what passed before and is unchanged: not where a whole run is relied on. */
export const skipsUnchanged = (
  { fresh, grep }: { readonly fresh?: true | undefined; readonly grep?: string | undefined },
  { CI }: NodeJS.ProcessEnv,
): boolean => !fresh && grep === undefined && (CI === undefined || CI === "" || CI === "false");

/**
 * The files that are meant, by suite.
 *
 * @param named Suites, and paths as the caller wrote them
 */
export function chooseTests(named: readonly string[]): ChosenSuite[] {
  const files = testFiles();
  const chosen = new Set(named.flatMap((what) => filesOf(what, files)));
  const suites = SUITE_NAMES.map((name) => ({
    name,
    files: files.filter((file) => chosen.has(file) && suiteOf(file) === name),
  }));
  return suites.filter((suite) => suite.files.length > 0);
}

function filesOf(what: string, files: readonly string[]): string[] {
  const path = relative(PROJECT_ROOT, callerPath(what)).replaceAll("\\", "/");
  const found = files.filter((file) =>
    what in SUITES ? suiteOf(file) === what : file === path || file.startsWith(path === "" ? "" : `${path}/`),
  );
  if (found.length === 0) throw new UnknownTestsError(what);
  return found;
}
