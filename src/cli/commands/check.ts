import { Argument, Command } from "commander";
import { contractsStep } from "../../setup/contracts.ts";
import { runNode } from "../../setup/node.ts";
import type { CommandContext } from "../context.ts";
import { createOutput, plural } from "../output.ts";
import { runPending } from "../progress.ts";
import type { CreateCommand } from "../program.ts";
import { EXIT } from "../report.ts";

type LoadCommands = () => Promise<readonly CreateCommand[]>;

/** One kind of check: says line by line what is wrong, and whether nothing is. */
export interface Part {
  readonly what: string;
  /** Whether it reads the types that are generated from contracts. */
  readonly needsContracts?: true;
  readonly run: (say: (line: string) => void) => Promise<boolean>;
}

/** @param loadCommands all of `b52`, which docs may name */
export const checkCommand =
  (loadCommands: LoadCommands) =>
  (context: CommandContext): Command => {
    const parts = partsOf(context, loadCommands);
    const list = Object.entries(parts).map(([name, { what }]) => `  ${name.padEnd(10)}${what}`);
    return new Command("check")
      .description("Check what no test does: types, format, faults that linters find, names and links in docs.")
      .addArgument(new Argument("[parts...]", "some of them only").choices(Object.keys(parts)))
      .addHelpText("after", `\nParts:\n${list.join("\n")}`)
      .action(async (chosen: string[]) => {
        const output = createOutput(false);
        const wanted = Object.entries(parts).filter(([name]) => chosen.length === 0 || chosen.includes(name));
        if (wanted.some(([, { needsContracts }]) => needsContracts)) await runPending([contractsStep], context.signal);
        const failed = await runParts(wanted, output.print);
        if (failed.length === 0) return;
        output.note(`${plural(failed.length, "part")} failed: ${failed.join(", ")}`);
        process.exitCode = EXIT.failed;
      });
  };

/**
 * Runs all parts, one after the other, whatever the ones before had to say.
 * @returns the names of those that failed
 */
export async function runParts(
  parts: readonly (readonly [name: string, part: Part])[],
  say: (line: string) => void,
): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, { run }] of parts) {
    const start = performance.now();
    const isSound = await run(say);
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    say(`${name.padEnd(10)}${isSound ? "ok" : "FAILED"} (${seconds} s)`);
    if (!isSound) failed.push(name);
  }
  return failed;
}

function partsOf({ signal }: CommandContext, loadCommands: LoadCommands): Readonly<Record<string, Part>> {
  const program =
    (script: string, args: readonly string[]): Part["run"] =>
    async (say) =>
      (await runNode(script, args, { signal, onLine: say })) === 0;
  return {
    types: { what: "TypeScript's types", needsContracts: true, run: program("typescript/bin/tsc", ["--noEmit"]) },
    format: {
      what: "format of TypeScript, Solidity, JSON and Markdown, by Prettier",
      run: program("prettier/bin/prettier.cjs", [
        "--check",
        "--cache",
        "--cache-strategy",
        "content",
        "--log-level",
        "warn",
        ".",
      ]),
    },
    lint: {
      what: "faults in TypeScript, by ESLint with types",
      needsContracts: true,
      run: program("eslint/bin/eslint.js", ["."]),
    },
    solidity: {
      what: "faults in contracts and their tests, by solhint",
      // Not quiet: it would say nothing of errors either.
      run: program("solhint/solhint.js", [
        ...["--formatter", "unix", "--disc", "--noPoster"],
        ...["contracts/**/*.sol", "test/contracts/**/*.sol"],
      ]),
    },
    sources: {
      what: "width of TypeScript, Solidity and Circom; layout of Circom",
      run: async (say) => {
        const [{ ownRepository }, { checkSources }] = await Promise.all([
          import("../../../tools/check/repository.ts"),
          import("../../../tools/check/sources.ts"),
        ]);
        return sayFaults(checkSources(ownRepository()), say);
      },
    },
    docs: {
      what: "links in Markdown; files, tests and commands that it names",
      run: async (say) => {
        const [{ createProgram }, { ownRepository }, { checkLinks }, { checkNames }] = await Promise.all([
          import("../program.ts"),
          import("../../../tools/check/repository.ts"),
          import("../../../tools/check/links.ts"),
          import("../../../tools/check/names.ts"),
        ]);
        const repository = ownRepository();
        const { commands } = createProgram({ signal }, await loadCommands());
        const names = new Set(commands.flatMap(namesOf));
        return sayFaults([...checkLinks(repository), ...checkNames(repository, names)], say);
      },
    },
  };
}

function sayFaults(
  faults: readonly { readonly file: string; readonly line: number; readonly message: string }[],
  say: (line: string) => void,
): boolean {
  for (const { file, line, message } of faults) say(`${file}:${line}: ${message}`);
  return faults.length === 0;
}

/** A command's name, and those of its sub-commands behind it. */
const namesOf = (command: Command): string[] => [
  command.name(),
  ...command.commands.map((sub) => `${command.name()} ${sub.name()}`),
];
