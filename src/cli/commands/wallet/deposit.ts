import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { parseAccount } from "../../options.ts";
import { type WalletFlags, walletDeedOptions, withWallet } from "../../wallet.ts";
import { readRequest } from "./request.ts";

interface DepositFlags extends WalletFlags {
  readonly account?: number;
}

export const depositCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("deposit")
    .description("Pay tokens from L1 into the wallet's account on the L2; the first deposit opens it.")
    .argument("<amount>", "whole tokens, with decimals")
    .option(
      "--account <index>",
      "the account, one of the wallet's or a free one (default: its own, or the first free one)",
      parseAccount,
    )
    .action(async (text: string, flags: DepositFlags) => {
      const { account } = flags;
      const { amount } = await readRequest(flags, { text, account });
      await withWallet(flags, signal, ["wallet deposit", amount, account], async ({ context, output }) => {
        const [{ deposit }, { formatAmount }] = await Promise.all([
          import("../../../wallet/deposit.ts"),
          import("../../../wallet/amount.ts"),
        ]);
        const made = await deposit(context, { amount, account });
        output.print(
          `deposited ${formatAmount(amount, context.asset)} to account ` +
            `${made.account}${made.opens ? ", which opens it" : ""}: operation ${made.operation} of the queue, fee ` +
            `${formatAmount(made.fee, context.asset)}`,
        );
        output.print(`transaction ${made.transaction}`);
        output.result({ ...made, amount });
      });
    });
  for (const option of walletDeedOptions()) command.addOption(option);
  return command;
};
