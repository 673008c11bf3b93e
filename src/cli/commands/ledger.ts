import { Command, Option } from "commander";
import type { CommandContext } from "../context.ts";
import { jsonOption } from "../options.ts";
import { createOutput, plural } from "../output.ts";
import { callerPath } from "../paths.ts";

interface LedgerFlags {
  readonly dataDir: string;
  readonly json?: true;
}

const dataOption = (): Option =>
  new Option("--data-dir <folder>", "the data folder of the node, which must not run")
    .argParser(callerPath)
    .makeOptionMandatory();

export const ledgerCommand = (_: CommandContext): Command =>
  new Command("ledger")
    .description("What the keys of a node have signed: take it along when a key moves to another machine.")
    .addCommand(exportCommand())
    .addCommand(importCommand());

const exportCommand = (): Command =>
  new Command("export")
    .description("Write all duties of a node that is stopped to a file. It must not be started again with that key.")
    .argument("<file>", "where to write them", callerPath)
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string, { dataDir, json }: LedgerFlags) => {
      const output = createOutput(json === true);
      const { exportLedger } = await import("../../database/ledgerFile.ts");
      const exported = await exportLedger(dataDir, file);
      output.print(`${plural(exported.duties, "signature")} of ${exported.rollup} in ${file}`);
      output.result({ file, ...exported });
    });

const importCommand = (): Command =>
  new Command("import")
    .description(
      "Add the duties of a file to those of a node that is stopped: all of them, or none if the two contradict each " +
        "other.",
    )
    .argument("<file>", "what `b52 ledger export` wrote", callerPath)
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (file: string, { dataDir, json }: LedgerFlags) => {
      const output = createOutput(json === true);
      const { importLedger } = await import("../../database/ledgerFile.ts");
      const imported = await importLedger(dataDir, file);
      output.print(`${imported.added} of ${plural(imported.duties, "signature")} new, of ${imported.rollup}`);
      output.result({ file, ...imported });
    });
