import { Command } from "commander";
import type { CommandContext } from "../context.ts";
import { jsonOption } from "../options.ts";
import { createOutput } from "../output.ts";
import { EXIT } from "../report.ts";

/** Per cent of the lines of all core contracts together. */
const LEAST = 98;

export const coverageCommand = ({ signal }: CommandContext): Command =>
  new Command("coverage")
    .description(
      `Run the tests of contracts on instrumented code, and fail if they reach less than ${LEAST} % of the lines.`,
    )
    .addOption(jsonOption())
    .action(async (flags: { json?: true }) => {
      const output = createOutput(flags.json === true);
      const { measureCoverage, percentage } = await import("../../../tools/coverage.ts");
      const { LEFT_OUT } = await import("../../../tools/mutation/soliditySources.ts");
      const files = await measureCoverage({ signal, note: output.note });
      const row = (path: string, lines: string, percent: string, missed: string): void =>
        output.print(`${path.padEnd(44)} ${lines.padStart(6)} ${percent.padStart(7)}  ${missed}`.trimEnd());
      row("contract", "lines", "reached", "not reached");
      for (const file of files)
        row(file.path, String(file.lines), `${percentage([file]).toFixed(1)} %`, file.missed.join(" "));
      const percent = percentage(files);
      row("all", String(files.reduce((sum, { lines }) => sum + lines, 0)), `${percent.toFixed(1)} %`, "");
      output.print(`Without ${LEFT_OUT}, whose random games would take hours.`);
      output.result({ percent, least: LEAST, files });
      if (percent < LEAST) process.exitCode = EXIT.failed;
    });
