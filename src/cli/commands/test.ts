import { Command } from "commander";
import type { ProfileName } from "../../protocol/profile.ts";
import { runHardhat } from "../../setup/node.ts";
import type { CommandContext } from "../context.ts";
import { setUp } from "../setup.ts";

/** The profiles that tests prove blocks of. */
export const TESTED_PROFILES: readonly ProfileName[] = ["dev", "deep"];

export const testCommand = (context: CommandContext): Command =>
  new Command("test")
    .description("Set up, then run every Solidity and TypeScript test.")
    .argument("[arguments...]", "what `hardhat test` takes: a kind (solidity, mocha), files, options")
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action(async (args: string[]) => {
      await setUp({ profiles: TESTED_PROFILES, signal: context.signal });
      process.exitCode = await runHardhat(["test", ...args], { signal: context.signal });
    });
