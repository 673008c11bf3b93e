import { Command } from "commander";
import type { ProfileName } from "../../protocol/profile.ts";
import type { CommandContext } from "../context.ts";
import { profileOption } from "../options.ts";
import { createOutput } from "../output.ts";
import { setUp } from "../setup.ts";

export const setupCommand = (context: CommandContext): Command =>
  new Command("setup")
    .description("Compile contracts and circuits and write development keys; what is up to date is skipped.")
    .addOption(profileOption("dev"))
    .action(async (options: { profile: ProfileName }) => {
      const hadWork = await setUp({ profiles: [options.profile], signal: context.signal });
      createOutput(false).note(hadWork ? "everything is set up" : "everything is up to date");
    });
