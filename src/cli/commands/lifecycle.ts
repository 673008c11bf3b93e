import { Command } from "commander";
import { type EngineChoice, nameOfEngine, PROVER_VARIABLE } from "../../proving/engineChoice.ts";
import { runHardhat } from "../../setup/node.ts";
import type { CommandContext } from "../context.ts";
import { proverOption, rpcOption } from "../options.ts";
import { setUp } from "../setup.ts";

export const lifecycleCommand = ({ signal }: CommandContext): Command =>
  new Command("lifecycle")
    .description("Take one block through its life with real proofs, step by step, as scripts/lifecycle.ts is written.")
    .addOption(
      rpcOption(
        "an Ethereum node to use instead of one in this process (the clock of anvil and of Hardhat's node is moved " +
          "ahead, for all who use it; elsewhere windows are waited for, eight minutes and more)",
      ),
    )
    .addOption(proverOption())
    .action(async ({ rpc, prover }: { readonly rpc?: string; readonly prover?: EngineChoice }) => {
      await setUp({ profiles: ["dev"], signal });
      // In the environment, because a command line is for everybody to see.
      const env: Readonly<Record<string, string>> = {
        ...(rpc !== undefined && { B52_RPC_URL: rpc }),
        ...(prover !== undefined && { [PROVER_VARIABLE]: nameOfEngine(prover) }),
      };
      process.exitCode = await runHardhat(["run", "--no-compile", "scripts/lifecycle.ts"], { signal, env });
    });
