import { Command, Option } from "commander";
import type { CommandContext } from "../../context.ts";
import { parseAccount } from "../../options.ts";
import { type WalletFlags, walletDeedOptions, withWallet } from "../../wallet.ts";
import { readRequest } from "./request.ts";
import { ownAccountOption } from "./transfers.ts";

/** What a forced operation takes, be it to an account or out. */
export interface ForceFlags extends WalletFlags {
  readonly account?: number;
  readonly anyway?: true;
}

export const anywayOption = (): Option =>
  new Option("--anyway", "post it even if it would have no effect after what is in the queue, and its fee be lost");

export const forceCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("force")
    .description(
      "Transfer on the L2 through L1: blocks must begin with it, so no proposer can leave it out. It costs a fee " +
        "on L1.",
    )
    .argument("<to>", "account of the receiver", parseAccount)
    .argument("<amount>", "whole tokens, with decimals")
    .action((to: number, amount: string, flags: ForceFlags) => forceOperation(to, amount, flags, signal));
  for (const option of [ownAccountOption(), anywayOption(), ...walletDeedOptions()]) command.addOption(option);
  return command;
};

/** Posts a forced transfer. @param to 0: an exit */
export async function forceOperation(to: number, text: string, flags: ForceFlags, signal: AbortSignal): Promise<void> {
  const { account, anyway } = flags;
  const { amount } = await readRequest(flags, { text, to, account });
  await withWallet(flags, signal, ["wallet force", to, amount, account, anyway], async ({ context, output }) => {
    const [{ force }, { formatAmount }] = await Promise.all([
      import("../../../wallet/force.ts"),
      import("../../../wallet/amount.ts"),
    ]);
    const { asset, identity } = context;
    const forced = await force(context, { to, amount, account, isAnyway: anyway });
    const receiver = to === 0 ? `${identity.address} on L1` : `account ${to}`;
    output.print(
      `${formatAmount(amount, asset)} from account ${forced.account} to ${receiver}: operation ${forced.operation} ` +
        `of the queue, fee ${formatAmount(forced.fee, asset)}`,
    );
    if (forced.isAtRisk) {
      output.note(
        `transfers of account ${forced.account} that are in no block yet leave too little for it: if one comes ` +
          "first, it has no effect, and its fee is lost",
      );
    }
    output.print(`transaction ${forced.transaction}`);
    output.result({ ...forced, to, amount });
  });
}
