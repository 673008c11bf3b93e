import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { plural } from "../../output.ts";
import type { HeldAccount } from "../../../wallet/balance.ts";
import type { Effect } from "../../../wallet/forecast.ts";
import { type WalletFlags, walletOptions, withWalletView } from "../../wallet.ts";

/** What there is to say of a queued operation's effect. */
const EFFECTS: Record<Effect, string> = {
  applied: "",
  returned: ", which comes back as an exit",
  void: ", which will have no effect",
};

export const balanceCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("balance")
    .description("Show all that the wallet has on L1, on the L2 and on the way between them.")
    .action((flags: WalletFlags) =>
      withWalletView(flags, signal, async ({ context, output }) => {
        const [{ addressOf }, { balance }, { formatAmount }, { describeAhead }, { operationKind }, crowds] =
          await Promise.all([
            import("../../../wallet/accounts.ts"),
            import("../../../wallet/balance.ts"),
            import("../../../wallet/amount.ts"),
            import("../../../wallet/refusal.ts"),
            import("../../../protocol/operation.ts"),
            import("../../../wallet/crowd.ts"),
          ]);
        const { asset } = context;
        const found = await balance(context);
        const { address, height, isFrozen, l1, accounts, ownedOnL1, queued, exits, operationFee, fees } = found;
        const tokens = (wei: bigint): string => formatAmount(wei, asset);
        output.print(
          `${address}, after height ${height} of the L2` +
            (isFrozen ? "; the chain has ended: b52 escape takes out what is left in it" : ""),
        );
        output.print(`  on L1: ${tokens(l1.asset)}, ${formatAmount(l1.ether, { symbol: "ether", decimals: 18 })}`);
        const sumOf = ({ balance, isEscaped }: HeldAccount): string =>
          isEscaped ? `${tokens(balance)}, escaped to its owner on L1` : tokens(balance);
        for (const account of accounts) {
          const { index, l1Owner, operations, pending, pendingBalance } = account;
          const isOwn = l1Owner === BigInt(address);
          const owner = isOwn
            ? ""
            : l1Owner === 0n
              ? ", which has no owner on L1"
              : `, which ${addressOf(l1Owner)} can empty from L1`;
          const ahead = describeAhead(operations, pending.length);
          const rest = ahead === "" ? "" : `; ${tokens(pendingBalance)}${ahead}`;
          output.print(`  account ${index}${owner}: ${sumOf(account)}${rest}`);
        }
        if (accounts.length === 0) output.print("  no account on the L2");
        for (const account of ownedOnL1)
          output.print(`  account ${account.index}, with another's key: ${sumOf(account)}`);
        for (const { index, operation, effect, isRefunded } of queued) {
          const kind = { deposit: "deposit", forcedTransfer: "forced transfer", forcedExit: "forced exit" }[
            operationKind(operation)
          ];
          const rest = !isFrozen
            ? EFFECTS[effect ?? "applied"]
            : isRefunded
              ? ", refunded to its owner on L1"
              : ", in no block: to be refunded";
          output.print(`  operation ${index} in the queue: ${kind} of ${tokens(operation.amount)}${rest}`);
        }
        const dust = exits.filter(({ amount }) => amount < operationFee);
        for (const { height, amount } of exits) {
          if (amount >= operationFee) output.print(`  exit of height ${height}, to be claimed: ${tokens(amount)}`);
        }
        if (dust.length > 0) {
          const sum = dust.reduce((sum, { amount }) => sum + amount, 0n);
          output.print(
            `  ${plural(dust.length, "exit")} worth less than the bridge's fee, to be claimed with --all: ` +
              `${tokens(sum)}`,
          );
        }
        if (fees > 0n) output.print(`  fees of proposed blocks, to be claimed: ${tokens(fees)}`);
        const crowd = crowds.crowdOf(context);
        if (crowd !== undefined) output.print(`  ${crowds.describeCrowd(crowd, tokens)}`);
        output.result({ ...found, asset, crowd });
      }),
    );
  for (const option of walletOptions()) command.addOption(option);
  return command;
};
