import { Command } from "commander";
import { readFileSync } from "node:fs";
import { projectPath } from "../setup/project.ts";
import { archiveCommand } from "./commands/archive.ts";
import { benchCommand } from "./commands/bench.ts";
import { checkCommand } from "./commands/check.ts";
import { coverageCommand } from "./commands/coverage.ts";
import { demoCommand } from "./commands/demo.ts";
import { deployCommand } from "./commands/deploy.ts";
import { escapeCommand } from "./commands/escape.ts";
import { lifecycleCommand } from "./commands/lifecycle.ts";
import { mutateCommand } from "./commands/mutate.ts";
import { setupCommand } from "./commands/setup.ts";
import { statusCommand } from "./commands/status.ts";
import { syncCommand } from "./commands/sync.ts";
import { testCommand } from "./commands/test.ts";
import { walletCommand } from "./commands/wallet/index.ts";
import type { CommandContext } from "./context.ts";
import { verboseOption } from "./options.ts";

/** The command line. A wrong one throws a `CommanderError` after commander has said what is wrong with it. */
export function createProgram(context: CommandContext): Command {
  const program = new Command("b52")
    .description("A zk-rollup whose sequencer is chosen block by block in an economic contest on Ethereum.")
    .version(projectVersion())
    .enablePositionalOptions()
    .showHelpAfterError("(--help lists what there is)")
    .exitOverride();
  for (const create of [
    setupCommand,
    demoCommand,
    lifecycleCommand,
    testCommand,
    checkCommand,
    coverageCommand,
    mutateCommand,
    benchCommand,
    deployCommand,
    statusCommand,
    syncCommand,
    archiveCommand,
    walletCommand,
    escapeCommand,
  ]) {
    program.addCommand(create(context));
  }
  settle(program);
  return program;
}

function projectVersion(): string {
  return (JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as { version: string }).version;
}

/** Gives a command and all below it the settings that hold everywhere. */
function settle(command: Command): void {
  command.addOption(verboseOption());
  for (const child of command.commands) settle(child.copyInheritedSettings(command));
}
