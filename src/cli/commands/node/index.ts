import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { configCommand } from "./config.ts";
import { preflightCommand } from "./preflight.ts";
import { runCommands } from "./run.ts";

export function nodeCommand(context: CommandContext): Command {
  const command = new Command("node")
    .description("Run a prover, a proposer or a follower of a rollup, until it is stopped.")
    .addHelpText(
      "after",
      `
Settings are flags, variables of the environment (--data-dir is B52_DATA_DIR) or keys of a JSON file (dataDir), in
this order. "b52 node config ROLE" lists them with values, sources and meanings; docs/operating.md tells how to begin.`,
    );
  for (const create of [...runCommands, configCommand, preflightCommand]) command.addCommand(create(context));
  return command;
}
