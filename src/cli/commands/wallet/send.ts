import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { parseAccount } from "../../options.ts";
import { walletDeedOptions } from "../../wallet.ts";
import { sendTransfer, type TransferFlags, transferOptions } from "./transfers.ts";

export const sendCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("send")
    .description("Sign a transfer on the L2 and publish it on L1, where any proposer finds it.")
    .argument("<to>", "account of the receiver", parseAccount)
    .argument("<amount>", "whole tokens, with decimals")
    .action((to: number, amount: string, flags: TransferFlags) => sendTransfer(to, amount, flags, signal));
  for (const option of [...transferOptions(), ...walletDeedOptions()]) command.addOption(option);
  return command;
};
