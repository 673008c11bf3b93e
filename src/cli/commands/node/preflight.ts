import type { Command } from "commander";
import { B52Error } from "../../../protocol/errors.ts";
import type { CommandContext } from "../../context.ts";
import { configurationOf, settingsCommand } from "../../nodeFlags.ts";
import { unlockedOperator } from "../../operator.ts";
import { createOutput, plural } from "../../output.ts";

/** Something would keep a node from working. */
class UnfitError extends B52Error {
  constructor(failed: readonly string[]) {
    super(`${plural(failed.length, "check")} failed: ${failed.join(", ")}; expected none`, { failed });
  }
}

export const preflightCommand = ({ signal }: CommandContext): Command =>
  settingsCommand(
    {
      name: "preflight",
      description:
        "Look at everything that a role needs before it is started: a line each, and exit code 1 if one fails.",
      hasJson: true,
    },
    async (role, flags) => {
      const { preflight } = await import("../../../daemon/preflight/index.ts");
      const output = createOutput(flags.json === true);
      const configuration = await configurationOf(role, flags);
      const { settings } = configuration;
      const needsKey = role !== "follower" || settings.serves;
      const results = await preflight(configuration, {
        unlock: needsKey ? () => unlockedOperator(settings, signal) : undefined,
        signal,
        onResult: ({ name, outcome, detail }) => output.print(`${outcome.padEnd(7)}  ${name.padEnd(15)}  ${detail}`),
      });
      const failed = results.filter(({ outcome }) => outcome === "fail").map(({ name }) => name);
      output.result({ role, fit: failed.length === 0, checks: results });
      if (failed.length > 0) throw new UnfitError(failed);
    },
  );
