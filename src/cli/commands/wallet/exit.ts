import { Command, Option } from "commander";
import type { CommandContext } from "../../context.ts";
import { walletDeedOptions } from "../../wallet.ts";
import { anywayOption, forceOperation } from "./force.ts";
import { sendTransfer, type TransferFlags, transferOptions } from "./transfers.ts";

interface ExitFlags extends TransferFlags {
  readonly force?: true;
  readonly anyway?: true;
}

export const exitCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("exit")
    .description("Take tokens out of the L2; once the block with it is final, claim them on L1.")
    .argument("<amount>", "whole tokens, with decimals")
    // An operation on L1 has none of these: taken silently, they would make the user expect something else than what is
    // sent.
    .addOption(
      new Option("--force", "through L1, so that no proposer can leave it out").conflicts(["fee", "nonce", "print"]),
    )
    .action((amount: string, flags: ExitFlags, command: Command) => {
      if (flags.anyway && !flags.force) command.error("error: option '--anyway' is of use only with option '--force'");
      return flags.force ? forceOperation(0, amount, flags, signal) : sendTransfer(0, amount, flags, signal);
    });
  for (const option of [anywayOption(), ...transferOptions(), ...walletDeedOptions()]) command.addOption(option);
  return command;
};
