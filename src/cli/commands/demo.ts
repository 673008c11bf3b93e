import { Command } from "commander";
import type { ProfileName } from "../../protocol/profile.ts";
import type { EngineChoice } from "../../proving/engineChoice.ts";
import { checkBeforehand } from "../beforehand.ts";
import type { CommandContext } from "../context.ts";
import { jsonOption, parseCount, profileOption, proverOption, rpcOption } from "../options.ts";
import { createOutput } from "../output.ts";
import { setUp } from "../setup.ts";

interface DemoFlags {
  readonly profile: ProfileName;
  readonly heights: number;
  readonly full?: true;
  readonly seed: string;
  readonly json?: true;
  readonly rpc?: string;
  readonly prover?: EngineChoice;
}

export const demoCommand = (context: CommandContext): Command =>
  new Command("demo")
    .description("Take L2 blocks through their whole life on an L1 with real proofs.")
    .addOption(profileOption("dev"))
    .option("-n, --heights <count>", "L2 blocks to decide (at least 3 show every outcome)", parseCount, 3)
    .option("--full", "also pipelined heights, hand-ins, slashes, bluffs, the bridge, and rollups with other policies")
    .option("--seed <text>", "what all keys and choices are derived from", "b52")
    .addOption(
      rpcOption(
        "an Ethereum node to use instead of one in this process (the clock of anvil and of Hardhat's node is moved " +
          "ahead, for all who use it; elsewhere windows are waited for, eight minutes and more)",
      ),
    )
    .addOption(proverOption())
    .addOption(jsonOption())
    .action(async (flags: DemoFlags) => {
      const { json, prover: engine, ...options } = flags;
      await checkBeforehand(flags, context.signal);
      const started = performance.now();
      await setUp({ profiles: [options.profile], signal: context.signal });
      const setupSeconds = (performance.now() - started) / 1000;
      const output = createOutput(json === true);
      const { runDemo } = await import("../../demo/demo.ts");
      output.result(await runDemo({ ...options, engine, setupSeconds, output, signal: context.signal }));
    });
