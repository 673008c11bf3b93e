import { Command } from "commander";
import type { OperatorContext } from "../../../operator/index.ts";
import type { CommandContext } from "../../context.ts";
import { withProver } from "../../prover.ts";
import { type OperatorFlags, operatorOptions, parseTokens, withOperator } from "../../operator.ts";
import type { Output } from "../../output.ts";

export function stakeCommand({ signal }: CommandContext): Command {
  const command = new Command("stake").description(
    "Register a prover, add to its stake, leave, and take the stake back.",
  );
  const add = (child: Command): Command => {
    for (const option of operatorOptions()) child.addOption(option);
    return child;
  };
  add(command.command("register"))
    .description("Prove that the prover key is yours, and register it with a stake; takes tokens and a fee that burns.")
    .argument("[amount]", "tokens to stake (default: the least that the registry takes)")
    .action(async (amount: string | undefined, flags: OperatorFlags) => {
      const stake = amount === undefined ? undefined : await parseTokens(amount);
      await withOperator(flags, signal, ["stake register", stake], async (context, output) => {
        const { formatTokens } = await import("../../../operator/index.ts");
        const registered = await register(context, stake, output, signal);
        output.print(`prover ${registered.index}: staked ${formatTokens(registered.stake)}`);
        output.print(`burnt as fee: ${formatTokens(registered.fee)}`);
        output.print("counts in rounds that open from now on");
        output.result(registered);
      });
    });
  add(command.command("add"))
    .description("Add to the stake, also to be eligible again after a slash.")
    .argument("<amount>", "tokens")
    .action(async (amount: string, flags: OperatorFlags) => {
      const wei = await parseTokens(amount);
      await withOperator(flags, signal, ["stake add", wei], async (context, output) => {
        const { formatTokens, increaseStake } = await import("../../../operator/index.ts");
        const transaction = await increaseStake(context, wei);
        output.print(`added ${formatTokens(wei)}`);
        output.result({ added: wei, transaction });
      });
    });
  add(command.command("exit"))
    .description("Leave: no new votes count, and after the exit delay the stake can be withdrawn. It cannot be undone.")
    .action((flags: OperatorFlags) =>
      withOperator(flags, signal, ["stake exit"], async (context, output) => {
        const { isoTime, leaveRegistry, standingOf } = await import("../../../operator/index.ts");
        const transaction = await leaveRegistry(context);
        const { prover } = await standingOf(context.client, context.keys);
        const at = isoTime(prover?.withdrawableAt ?? 0n);
        output.print(
          `leaving: the stake can be withdrawn from ${at}; keep the prover running until what it promised is over`,
        );
        output.result({ withdrawableAt: prover?.withdrawableAt, transaction });
      }),
    );
  add(command.command("withdraw"))
    .description("Take the stake back, once the exit delay is over.")
    .action((flags: OperatorFlags) =>
      withOperator(flags, signal, ["stake withdraw"], async (context, output) => {
        const { formatTokens, takeStake } = await import("../../../operator/index.ts");
        const { stake, transaction } = await takeStake(context);
        output.print(`withdrew ${formatTokens(stake)}`);
        output.result({ withdrawn: stake, transaction });
      }),
    );
  return command;
}

/** With a proof of key ownership by this machine. */
async function register(context: OperatorContext, stake: bigint | undefined, output: Output, signal: AbortSignal) {
  const { registerProver } = await import("../../../operator/index.ts");
  const { client } = context;
  return withProver(client.deployment, output, { signal, engine: undefined }, (prove) =>
    registerProver(context, { prove: (_, { input }) => prove("KeyOwnership", { input }) }, stake, signal),
  );
}
