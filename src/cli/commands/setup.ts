import { Command } from "commander";
import type { ProfileName } from "../../protocol/profile.ts";
import type { CommandContext } from "../context.ts";
import { BUILT_GETH, gethStep } from "../../setup/geth.ts";
import { profileOption } from "../options.ts";
import { createOutput } from "../output.ts";
import { runPending } from "../progress.ts";
import { setUp } from "../setup.ts";

export const setupCommand = (context: CommandContext): Command =>
  new Command("setup")
    .description("Compile contracts and circuits and write development keys; what is up to date is skipped.")
    .addOption(profileOption("dev"))
    .option("--geth", "build geth, too, for the tests that run on it (needs Go)")
    .action(async (options: { profile: ProfileName; geth?: true }) => {
      const { signal } = context;
      const hadGethToBuild = options.geth === true && (await runPending([gethStep], signal));
      const hadWork = (await setUp({ profiles: [options.profile], signal })) || hadGethToBuild;
      const { note } = createOutput(false);
      if (options.geth) note(`geth is at ${BUILT_GETH}`);
      note(hadWork ? "everything is set up" : "everything is up to date");
    });
