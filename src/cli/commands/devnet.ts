import { Command, Option } from "commander";
import { endpointOf } from "../../chain/url.ts";
import type { CommandContext } from "../context.ts";
import { jsonOption, parseCount } from "../options.ts";
import { createOutput } from "../output.ts";
import { setUp } from "../setup.ts";

interface DevnetFlags {
  readonly provers: number;
  readonly proposers: number;
  readonly heights?: number;
  readonly l1?: string;
  readonly proposalWindow: number;
  readonly acceptanceWindow: number;
  readonly seed: string;
  readonly keep?: true;
  readonly json?: true;
}

export const devnetCommand = ({ signal, allowStop }: CommandContext): Command =>
  new Command("devnet")
    .description(
      "A network on this machine: an L1, a rollup, proposers, provers and a follower as processes of their own, and " +
        "users who send transfers, deposits and exits. Runs until Ctrl+C, and tells its sums then; a second Ctrl+C " +
        "ends it on the spot.",
    )
    .addOption(count("--provers <count>", "programs that prove", 6))
    .addOption(count("--proposers <count>", "programs that propose", 2))
    .addOption(new Option("--heights <count>", "end when so many heights are final").argParser(parseCount))
    .addOption(
      new Option(
        "--l1 <kind>",
        "anvil, hardhat, or the address of a node for development (default: anvil, if it is there)",
      ).argParser(parseL1),
    )
    .addOption(count("--proposal-window <seconds>", "of the rollup", 30))
    .addOption(count("--acceptance-window <seconds>", "of the rollup", 120))
    .option("--seed <text>", "keys and traffic follow from it", "devnet")
    .option("--keep", "leave logs and data of the programs in build/devnet")
    .addOption(jsonOption())
    .action(async ({ json, l1, heights, keep, ...flags }: DevnetFlags) => {
      const output = createOutput(json === true);
      await setUp({ profiles: ["dev"], signal });
      const { playDevnet, STOP_MS } = await import("../../devnet/play.ts");
      allowStop?.(STOP_MS);
      const options = { ...flags, l1, heights, keep: keep === true, signal, note: output.note };
      const result = await playDevnet(options);
      for (const [name, value] of Object.entries(result)) output.print(`${name}: ${value}`);
      output.result(result);
    });

const count = (flags: string, description: string, fallback: number): Option =>
  new Option(flags, description).argParser(parseCount).default(fallback);

function parseL1(text: string): string {
  if (text === "anvil" || text === "hardhat") return text;
  endpointOf(text, "what --l1 has (anvil, hardhat or an address)");
  return text;
}
