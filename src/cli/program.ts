import { Command } from "commander";
import { projectVersion } from "../setup/project.ts";
import type { CommandContext } from "./context.ts";
import { verboseOption } from "./options.ts";

/** Makes a command. */
export type CreateCommand = (context: CommandContext) => Command;

/**
 * The command line, with these commands. A wrong one throws a `CommanderError` after commander has said what is wrong
 * with it.
 */
export function createProgram(context: CommandContext, commands: readonly CreateCommand[]): Command {
  const program = new Command("b52")
    .description("A zk-rollup whose sequencer is chosen block by block in an economic contest on Ethereum.")
    .version(projectVersion())
    .enablePositionalOptions()
    .showHelpAfterError("(--help lists what there is)")
    .exitOverride();
  for (const create of commands) program.addCommand(create(context));
  settle(program);
  return program;
}

/** Gives a command and all below it the settings that hold everywhere. */
function settle(command: Command): void {
  command.addOption(verboseOption());
  for (const child of command.commands) settle(child.copyInheritedSettings(command));
}
