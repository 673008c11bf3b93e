import { Command, Option } from "commander";
import { relative } from "node:path";
import { PROJECT_ROOT } from "../../setup/project.ts";
import type { CommandContext } from "../context.ts";
import { jsonOption, parseCount } from "../options.ts";
import { createOutput } from "../output.ts";
import { callerPath } from "../paths.ts";
import { EXIT } from "../report.ts";

interface MutateFlags {
  readonly only?: readonly string[];
  readonly limit?: number;
  readonly seed: string;
  readonly list?: true;
  readonly json?: true;
}

const LABELS = { survivors: "survived", timeouts: "timeout", untried: "untried" } as const;

const projectPaths = (path: string, paths: readonly string[] = []): string[] => [
  ...paths,
  relative(PROJECT_ROOT, callerPath(path)),
];

export const mutateCommand = ({ signal }: CommandContext): Command =>
  new Command("mutate")
    .description(
      "Break contracts and circuits one line at a time, and fail unless a test notices or test/mutants.json says " +
        "why none can.",
    )
    .addOption(
      new Option(
        "--only <path>",
        "a file or folder of contracts or circuits, or the id of a mutant (may be repeated)",
      ).argParser(projectPaths),
    )
    .option("-n, --limit <count>", "how many mutants to try, chosen by the seed (default: all)", parseCount)
    .option("--seed <text>", "what the choice is derived from", "b52")
    .option("--list", "show the mutants instead of trying them")
    .addOption(jsonOption())
    .action(async ({ only, limit, seed, list, json }: MutateFlags) => {
      const output = createOutput(json === true);
      const { chooseMutants, listMutants, mutate } = await import("../../../tools/mutate.ts");
      const { describeMutant } = await import("../../../tools/mutation/mutant.ts");
      if (list) {
        const mutants = chooseMutants(await listMutants(only), seed, limit);
        for (const mutant of mutants) output.print(`${mutant.id}  ${describeMutant(mutant)}`);
        output.result(mutants);
        return;
      }
      const report = await mutate({ only, limit, seed, signal, note: output.note });
      const failures = [...report.survivors, ...report.timeouts, ...report.untried];
      for (const name of ["survivors", "timeouts", "untried"] as const)
        for (const mutant of report[name])
          output.print(`${LABELS[name].padEnd(9)} ${mutant.id}  ${describeMutant(mutant)}`);
      for (const id of report.stale)
        output.print(`stale     ${id}  (in test/mutants.json, but there is no such mutant)`);
      output.print(
        `seed ${seed}: ${report.tried} of ${report.mutants} mutants tried, ${report.killed} killed, ` +
          `${report.survivors.length} survived; ` +
          `${report.explained} explained, ${report.invalid} that do not compile, ${report.timeouts.length} ` +
          `without an end, ${report.untried.length} without a place`,
      );
      output.result(report);
      if (failures.length > 0 || report.stale.length > 0) process.exitCode = EXIT.failed;
    });
