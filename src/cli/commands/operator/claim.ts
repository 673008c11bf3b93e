import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { type OperatorFlags, operatorOptions, withOperator } from "../../operator.ts";
import { plural } from "../../output.ts";

export function claimCommand({ signal }: CommandContext): Command {
  const command = new Command("claim")
    .description("Have everything paid that the operator has earned, as a prover and as a proposer.")
    .action((flags: OperatorFlags) =>
      withOperator(flags, signal, ["claim"], async (context, output) => {
        const { claimAll, formatTokens } = await import("../../../operator/index.ts");
        const { formatAmount } = await import("../../../wallet/amount.ts");
        const { getAsset } = await import("../../../wallet/context.ts");
        const claimed = await claimAll(context);
        const { slots, prover, proposer, fees, transactions } = claimed;
        if (slots > 0) output.print(`as a prover    ${formatTokens(prover)} for ${plural(slots, "slot")}`);
        if (proposer > 0n) output.print(`as a proposer  ${formatTokens(proposer)}`);
        if (fees > 0n) output.print(`fees           ${formatAmount(fees, getAsset(context.client))}`);
        if (transactions.length === 0) output.print("nothing to claim");
        output.result(claimed);
      }),
    );
  for (const option of operatorOptions()) command.addOption(option);
  return command;
}
