import { Command, InvalidArgumentError, Option } from "commander";
import type { Lane } from "../../../operator/index.ts";
import type { CommandContext } from "../../context.ts";
import { type OperatorFlags, operatorOptions, parseTokens, withOperator } from "../../operator.ts";

interface SeatFlags extends OperatorFlags {
  readonly lane: readonly Lane[];
}

/** Deposits are whole numbers of BID_UNIT. */
const DECIMALS = 4;

const BOTH: readonly Lane[] = ["even", "odd"];

function parseLane(text: string): readonly Lane[] {
  if (text === "both") return BOTH;
  if (text === "even" || text === "odd") return [text];
  throw new InvalidArgumentError("Expected even, odd or both.");
}

export function seatCommand({ signal }: CommandContext): Command {
  const command = new Command("seat").description(
    "Take a proposer's seat, and move its deposits, which cover its bids.",
  );
  const add = (child: Command): Command => {
    for (const option of operatorOptions()) child.addOption(option);
    return child.addOption(
      new Option("--lane <name>", "deposits of even heights, odd ones, or both")
        .argParser(parseLane)
        .default(BOTH, "both"),
    );
  };
  const pay = (name: string, description: string): void => {
    add(command.command(name))
      .description(description)
      .argument("<amount>", "tokens, for each lane")
      .action(async (amount: string, flags: SeatFlags) => {
        const wei = await parseTokens(amount, DECIMALS);
        await withOperator(flags, signal, [`seat ${name}`, flags.lane, wei], async (context, output) => {
          const { depositSeat, formatTokens } = await import("../../../operator/index.ts");
          const transactions = await depositSeat(context, flags.lane, wei);
          output.print(`deposited ${formatTokens(wei)} for ${flags.lane.join(" and ")} heights`);
          output.result({ deposited: wei, lanes: flags.lane, transactions });
        });
      });
  };
  pay("take", "Take a seat: deposit for heights of both parities, so that bids are covered.");
  pay("deposit", "Add to the deposits.");
  add(command.command("withdraw"))
    .description("Take deposits back that back no commit.")
    .argument("[amount]", "tokens of each lane (default: all)")
    .action(async (amount: string | undefined, flags: SeatFlags) => {
      const wei = amount === undefined ? undefined : await parseTokens(amount, DECIMALS);
      await withOperator(flags, signal, ["seat withdraw", flags.lane, wei], async (context, output) => {
        const { formatTokens, withdrawSeat } = await import("../../../operator/index.ts");
        const taken = await withdrawSeat(context, flags.lane, wei);
        for (const each of taken) output.print(`withdrew ${formatTokens(each.amount)} of ${each.lane} heights`);
        if (taken.length === 0) output.print("nothing is deposited");
        output.result({ withdrawn: taken });
      });
    });
  return command;
}
