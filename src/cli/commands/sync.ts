import { toHex32 } from "../../protocol/hex.ts";
import { Command, Option } from "commander";
import type { CommandContext } from "../context.ts";
import { blobOptions, databaseOption, deploymentOption, jsonOption, rpcOption } from "../options.ts";
import { createOutput } from "../output.ts";
import { callerPath } from "../paths.ts";
import { type RollupFlags, type SyncFlags, withRollup, withSynced } from "../rollup.ts";

interface SyncCommandFlags extends RollupFlags, SyncFlags {
  readonly json?: true;
}

export const syncCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("sync")
    .description(
      "Rebuild the L2 from L1 and the blobs that it names, and check every state root; what is there already is " +
        "taken up, and taken back if L1 dropped it.",
    )
    .addOption(rpcOption("an Ethereum node of the chain that the rollup is on").makeOptionMandatory())
    .addOption(deploymentOption("what `b52 deploy` wrote"))
    .addOption(databaseOption())
    .addOption(
      new Option(
        "--snapshot <place>",
        "begin with what `b52 archive` wrote, a file or its address: blobs from before it are not needed then",
      ).argParser((text: string) => (/^https?:\/\//i.test(text) ? text : callerPath(text))),
    )
    .addOption(jsonOption())
    .action(async (flags: SyncCommandFlags) => {
      const output = createOutput(flags.json === true);
      await withRollup(flags, output, signal, (client) =>
        withSynced(client, flags, output, signal, async (synced, database) => {
          const { findAccounts } = await import("../../state/lookup.ts");
          const { head, scanned, state } = synced;
          const accounts = findAccounts(state, {}).length;
          output.print(`height      ${head.height}`);
          output.print(`state root  ${toHex32(head.stateRoot)}`);
          output.print(`proposal    ${head.proposalId === 0n ? "none: genesis" : toHex32(head.proposalId)}`);
          output.print(`accounts    ${accounts}`);
          output.print(`L1          up to block ${scanned!.number}`);
          output.print(`database    ${database}`);
          output.result({ ...head, accounts, l1Block: scanned, database });
        }),
      );
    });
  for (const option of blobOptions()) command.addOption(option);
  return command;
};
