import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { addressCommand } from "./address.ts";
import { balanceCommand } from "./balance.ts";
import { claimCommand } from "./claim.ts";
import { depositCommand } from "./deposit.ts";
import { exitCommand } from "./exit.ts";
import { forceCommand } from "./force.ts";
import { newCommand } from "./new.ts";
import { sendCommand } from "./send.ts";

export function walletCommand(context: CommandContext): Command {
  const command = new Command("wallet")
    .description("Hold and move tokens on the L2, and between it and L1.")
    .addHelpText(
      "after",
      `
To begin: "wallet new" makes a wallet; send ether and tokens to the address that it shows;
"wallet deposit 10 --rpc <url>" pays 10 tokens in.
After a block "wallet balance" shows the account's number, which others need to pay you.
"wallet exit" and then "wallet claim" take tokens out again.
Where no proposer includes what you send, "wallet force" and "wallet exit --force" go through L1.`,
    );
  for (const create of [
    newCommand,
    addressCommand,
    balanceCommand,
    depositCommand,
    sendCommand,
    exitCommand,
    forceCommand,
    claimCommand,
  ]) {
    command.addCommand(create(context));
  }
  return command;
}
