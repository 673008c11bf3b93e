import { Command } from "commander";
import { nameOfEngine, PROVER_VARIABLE } from "../../proving/engineChoice.ts";
import { checkBeforehand, type GivenMeans } from "../beforehand.ts";
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
    .action(async (flags: GivenMeans) => {
      const { rpc, prover } = flags;
      await checkBeforehand(flags, signal);
      await setUp({ profiles: ["dev"], signal });
      // That is where a script looks that is run by itself.
      if (rpc !== undefined) process.env["B52_RPC_URL"] = rpc;
      if (prover !== undefined) process.env[PROVER_VARIABLE] = nameOfEngine(prover);
      // In this process, which says in one line what fails. The script has no signal: an interrupt leaves it there.
      const { untilAborted } = await import("../../proving/pool.ts");
      await untilAborted(import("../../../scripts/lifecycle.ts"), signal);
    });
