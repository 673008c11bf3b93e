import { Command } from "commander";
import { withClaimProver } from "../../claimProver.ts";
import type { CommandContext } from "../../context.ts";
import { type WalletFlags, walletOptions, withWallet } from "../../wallet.ts";

export const claimCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("claim")
    .description("Prove all exits to the wallet that are final, and have them paid on L1, with the fees that it has earned as a proposer.")
    .action((flags: WalletFlags) =>
      withWallet(flags, signal, async ({ context, output }) => {
        const [{ claim }, { formatAmount }] = await Promise.all([import("../../../wallet/claim.ts"), import("../../../wallet/amount.ts")]);
        const { asset, client } = context;
        const claimed = await withClaimProver(client.deployment, output, signal, (prove) =>
          claim(context, prove, (done, total) => output.note(`claimed ${done} of ${total} exits`)),
        );
        const { exits, amount, fees, transactions } = claimed;
        output.print(exits.length === 0 ? "no exit to claim" : `claimed ${exits.length} exits: ${formatAmount(amount, asset)}`);
        if (fees > 0n) output.print(`claimed fees: ${formatAmount(fees, asset)}`);
        for (const transaction of transactions) output.print(`transaction ${transaction}`);
        output.result(claimed);
      }),
    );
  for (const option of walletOptions()) command.addOption(option);
  return command;
};
