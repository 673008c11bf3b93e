import { Command } from "commander";
import { withProver } from "../../prover.ts";
import type { CommandContext } from "../../context.ts";
import { proverOption } from "../../options.ts";
import { plural } from "../../output.ts";
import { allOption, describeLeft, type TakeFlags, walletDeedOptions, withWallet } from "../../wallet.ts";

export const claimCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("claim")
    .description(
      "Prove the exits to the wallet that are final, and have them paid on L1, with the fees that it has earned " +
        "as a proposer. Exits that are worth less than the bridge's fee for an operation are left.",
    )
    .action((flags: TakeFlags) =>
      withWallet(flags, signal, ["wallet claim", flags.all], async ({ context, output }) => {
        const [{ balance, exitsAhead }, { claim }, { formatAmount }] = await Promise.all([
          import("../../../wallet/balance.ts"),
          import("../../../wallet/claim.ts"),
          import("../../../wallet/amount.ts"),
        ]);
        const { asset, client } = context;
        const claimed = await withProver(client.deployment, output, { signal, engine: flags.prover }, (prove) =>
          claim(context, prove, {
            isAll: flags.all,
            onClaimed: (done, total) => done < total && output.note(`claimed ${done} of ${total} exits`),
          }),
        );
        const { exits, amount, fees, transactions, left } = claimed;
        if (exits.length > 0) output.print(`claimed ${plural(exits.length, "exit")}: ${formatAmount(amount, asset)}`);
        else if (left.count === 0) output.print(describeNone(exitsAhead(await balance(context))));
        if (fees > 0n) output.print(`claimed fees: ${formatAmount(fees, asset)}`);
        for (const line of describeLeft(left, "exit", (wei) => formatAmount(wei, asset))) output.print(line);
        for (const transaction of transactions) output.print(`transaction ${transaction}`);
        output.result(claimed);
      }),
    );
  for (const option of [allOption(), proverOption(), ...walletDeedOptions()]) command.addOption(option);
  return command;
};

function describeNone(ahead: number): string {
  if (ahead === 0) return "no exit to claim";
  const what = `${plural(ahead, "exit")} on the way`;
  return `no exit to claim yet: ${what}, to be claimed once a block with ${ahead === 1 ? "it" : "them"} is final`;
}
