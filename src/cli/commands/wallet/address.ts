import { toHex32 } from "../../../protocol/hex.ts";
import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { createOutput } from "../../output.ts";
import { identify, type KeystoreFlags, keystoreOptions } from "../../wallet.ts";

export const addressCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("address")
    .description("Show the wallet's address on L1, and its key on the L2; with --password-file, try that, too.")
    .action(async (flags: KeystoreFlags) => {
      const output = createOutput(flags.json === true);
      const { address, key } = await identify(flags, signal);
      output.print(`address  ${address}`);
      output.print(`L2 key   ${toHex32(key)}`);
      output.result({ address, key });
    });
  for (const option of keystoreOptions()) command.addOption(option);
  return command;
};
