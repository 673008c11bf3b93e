import { Command } from "commander";
import type { CommandContext } from "../context.ts";
import { blobOptions, databaseOption, deploymentOption, jsonOption, rpcOption } from "../options.ts";
import { createOutput, plural } from "../output.ts";
import { callerPath } from "../paths.ts";
import { type RollupFlags, type SyncFlags, withRollup, withSynced } from "../rollup.ts";

interface ArchiveFlags extends RollupFlags, SyncFlags {
  readonly json?: true;
}

export const archiveCommand = ({ signal }: CommandContext): Command => {
  const command = new Command("archive")
    .description(
      "Keep the blobs of a rollup in a folder, and a snapshot of its state: L1 drops blobs after about 18 days. " +
        "What is there already is left alone; run it every day.",
    )
    .argument(
      "<folder>",
      "where to keep them; others read it by --archives, from there or from a web server",
      callerPath,
    )
    .addOption(rpcOption("an Ethereum node of the chain that the rollup is on").makeOptionMandatory())
    .addOption(deploymentOption("what `b52 deploy` wrote"))
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(async (folder: string, flags: ArchiveFlags) => {
      const output = createOutput(flags.json === true);
      await withRollup(flags, output, signal, (client) =>
        withSynced(client, flags, output, signal, async (synced, _, source) => {
          const { archive } = await import("../../sync/archive.ts");
          const archived = await archive(client, synced, source, folder, signal);
          const { blobs, added, missing, snapshot } = archived;
          for (const line of missing) output.note(line);
          output.print(
            `blobs     ${blobs}, ${added} of them new${missing.length > 0 ? `, ${missing.length} missing` : ""}`,
          );
          output.print(`snapshot  ${snapshot ?? "none: there is no block yet"}`);
          output.result(archived);
          if (missing.length > 0) {
            output.note(
              `${plural(missing.length, "blob")} could not be had: name other sources (--beacon, --archives)`,
            );
            process.exitCode = 1;
          }
        }),
      );
    });
  for (const option of blobOptions()) command.addOption(option);
  return command;
};
