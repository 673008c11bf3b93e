import type { Command } from "commander";
import { configurationOf, settingsCommand } from "../../nodeFlags.ts";
import { createOutput } from "../../output.ts";

export const configCommand = (): Command =>
  settingsCommand(
    {
      name: "config",
      description: "Show the settings of a role: the value of each, where it comes from, and what it means.",
      hasJson: true,
    },
    async (role, flags) => {
      const { shownSettings } = await import("../../../daemon/settings/index.ts");
      const output = createOutput(flags.json === true);
      const shown = shownSettings(await configurationOf(role, flags, true));
      const width = Math.max(...shown.map(({ name }) => name.length));
      for (const { name, value, from, meaning } of shown) {
        output.print(`${name.padEnd(width)}  ${value}  (${from})`);
        output.print(`${" ".repeat(width)}  ${meaning}`);
      }
      output.result(Object.fromEntries(shown.map(({ name, data, ...rest }) => [name, { ...rest, value: data }])));
    },
  );
