import { Command } from "commander";
import { runHardhat } from "../../setup/node.ts";
import type { CommandContext } from "../context.ts";
import { rpcOption } from "../options.ts";
import { setUp } from "../setup.ts";

export const lifecycleCommand = ({ signal }: CommandContext): Command =>
  new Command("lifecycle")
    .description("Take one block through its life with real proofs, step by step, as scripts/lifecycle.ts is written.")
    .addOption(rpcOption("an Ethereum node to use instead of one in this process"))
    .action(async ({ rpc }: { readonly rpc?: string }) => {
      await setUp({ profiles: ["dev"], signal });
      // In the environment, because a command line is for everybody to see.
      const env: Readonly<Record<string, string>> = rpc === undefined ? {} : { B52_RPC_URL: rpc };
      process.exitCode = await runHardhat(["run", "--no-compile", "scripts/lifecycle.ts"], { signal, env });
    });
