import { Command } from "commander";
import { withProver } from "../prover.ts";
import type { CommandContext } from "../context.ts";
import { proverOption } from "../options.ts";
import { plural } from "../output.ts";
import { allOption, describeLeft, type TakeFlags, walletOptions, withWallet } from "../wallet.ts";

export const escapeCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("escape")
    .description(
      "When no block came for a very long time: end the chain if that is due, and take everything of the wallet " +
        "out, the largest accounts first, with data from L1 and blobs. Accounts and exits that are worth less than " +
        "the bridge's fee for an operation are left.",
    )
    .addHelpText(
      "after",
      `
While the last block is proven but nobody has made it final, the chain cannot be ended. This command then makes
it final, and says from when on the chain may be ended: the delay begins anew with that block.
Its exits can be claimed at once ("wallet claim").`,
    )
    .action((flags: TakeFlags) =>
      withWallet(flags, signal, undefined, async ({ context, output, location }) => {
        const [{ escape }, { formatAmount }] = await Promise.all([
          import("../../wallet/escape.ts"),
          import("../../wallet/amount.ts"),
        ]);
        const { asset, client } = context;
        const escaped = await withProver(client.deployment, output, { signal, engine: flags.prover }, (prove, ready) =>
          escape(context, prove, { location, isAll: flags.all, ready, onStep: output.note }),
        );
        const { froze, accounts, left, refunds, claimed } = escaped;
        const tokens = (wei: bigint): string => formatAmount(wei, asset);
        if (froze) output.print("the chain has ended");
        for (const { account, amount } of accounts) output.print(`account ${account} has escaped: ${tokens(amount)}`);
        for (const { operation, amount } of refunds)
          output.print(`operation ${operation} is refunded: ${tokens(amount)}`);
        if (claimed.exits.length > 0)
          output.print(`claimed ${plural(claimed.exits.length, "exit")}: ${tokens(claimed.amount)}`);
        if (claimed.fees > 0n) output.print(`claimed fees: ${tokens(claimed.fees)}`);
        const lines = [...describeLeft(left, "account", tokens), ...describeLeft(claimed.left, "exit", tokens)];
        for (const line of lines) output.print(line);
        if (accounts.length + refunds.length + claimed.transactions.length + lines.length === 0)
          output.print("nothing is left to take out");
        output.result(escaped);
      }),
    );
  for (const option of [allOption(), proverOption(), ...walletOptions()]) command.addOption(option);
  return command;
};
