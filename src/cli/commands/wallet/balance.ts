import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { plural } from "../../output.ts";
import { type WalletFlags, walletOptions, withWalletView } from "../../wallet.ts";

export const balanceCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("balance")
    .description("Show all that the wallet has on L1, on the L2 and on the way between them.")
    .action((flags: WalletFlags) =>
      withWalletView(flags, signal, async ({ context, output }) => {
        const [{ addressOf }, { balance }, { formatAmount }, { operationKind }] = await Promise.all([
          import("../../../wallet/accounts.ts"),
          import("../../../wallet/balance.ts"),
          import("../../../wallet/amount.ts"),
          import("../../../protocol/operation.ts"),
        ]);
        const { asset } = context;
        const found = await balance(context);
        const { address, height, isFrozen, l1, accounts, ownedOnL1, queued, exits, operationFee, fees } = found;
        const tokens = (wei: bigint): string => formatAmount(wei, asset);
        output.print(`${address}, after height ${height} of the L2${isFrozen ? ", which has ended (b52 escape)" : ""}`);
        output.print(`  on L1: ${tokens(l1.asset)}, ${formatAmount(l1.ether, { symbol: "ether", decimals: 18 })}`);
        for (const { index, balance, l1Owner, pending, pendingBalance } of accounts) {
          const isOwn = l1Owner === BigInt(address);
          const owner = isOwn ? "" : l1Owner === 0n ? ", which has no owner on L1" : `, which ${addressOf(l1Owner)} can empty from L1`;
          const rest =
            pending.length === 0 ? "" : `; ${tokens(pendingBalance)} after ${plural(pending.length, "transfer")} in no block yet`;
          output.print(`  account ${index}${owner}: ${tokens(balance)}${rest}`);
        }
        if (accounts.length === 0) output.print("  no account on the L2");
        for (const { index, balance } of ownedOnL1) output.print(`  account ${index}, with another's key: ${tokens(balance)}`);
        for (const { index, operation } of queued) {
          const kind = { deposit: "deposit", forcedTransfer: "forced transfer", forcedExit: "forced exit" }[operationKind(operation)];
          output.print(`  operation ${index} in the queue: ${kind} of ${tokens(operation.amount)}`);
        }
        const dust = exits.filter(({ amount }) => amount < operationFee);
        for (const { height, amount } of exits) {
          if (amount >= operationFee) output.print(`  exit of height ${height}, to be claimed: ${tokens(amount)}`);
        }
        if (dust.length > 0) {
          const sum = dust.reduce((sum, { amount }) => sum + amount, 0n);
          output.print(`  ${plural(dust.length, "exit")} worth less than the bridge's fee, to be claimed with --all: ${tokens(sum)}`);
        }
        if (fees > 0n) output.print(`  fees of proposed blocks, to be claimed: ${tokens(fees)}`);
        output.result({ ...found, asset });
      }),
    );
  for (const option of walletOptions()) command.addOption(option);
  return command;
};
