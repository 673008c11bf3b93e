import { Command } from "commander";
import { contractsStep } from "../../setup/contracts.ts";
import { runNode } from "../../setup/node.ts";
import type { CommandContext } from "../context.ts";
import { runPending } from "../progress.ts";
import { EXIT } from "../report.ts";

export const checkCommand = ({ signal }: CommandContext): Command =>
  new Command("check").description("Check types and formatting.").action(async () => {
    await runPending([contractsStep], signal);
    const types = await runNode("typescript/bin/tsc", ["--noEmit"], { signal });
    const format = await runNode("prettier/bin/prettier.cjs", ["--check", "--log-level", "warn", "."], { signal });
    if (types !== 0 || format !== 0) process.exitCode = EXIT.failed;
  });
