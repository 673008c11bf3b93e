import { Command, Option } from "commander";
import type { Configuration, RoleName, SettingName } from "../daemon/settings/index.ts";
import { jsonOption, verboseOption } from "./options.ts";
import { callerPath } from "./paths.ts";

/** Flags of a role: its settings as text, and the file. */
export interface NodeFlags extends Readonly<Partial<Record<SettingName, string>>> {
  readonly config?: string;
  readonly json?: true;
  readonly verbose?: true;
}

export interface SettingsCommand {
  readonly name: string;
  readonly description: string;
  readonly hasJson?: boolean;
}

/**
 * A command that takes each setting of a role as a flag. What settings there are is only looked up when it is run: all
 * other commands begin without it.
 */
export function settingsCommand(
  { name, description, hasJson = false }: SettingsCommand,
  run: (role: RoleName, flags: NodeFlags) => Promise<void>,
  role?: RoleName,
): Command {
  const outer = new Command(name)
    .description(description)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument("[settings...]", "--help lists them");
  // The inner command has the help.
  const inherit = outer.copyInheritedSettings.bind(outer);
  outer.copyInheritedSettings = (from) => inherit(from).helpOption(false);
  return outer.action(async () => {
    const inner = new Command(`b52 node ${name}`).description(description).showHelpAfterError("(--help lists them)");
    inner.copyInheritedSettings(outer).addOption(verboseOption()).enablePositionalOptions(false);
    inner.helpOption("-h, --help", "display help for command");
    const { ROLES } = await import("../daemon/settings/index.ts");
    if (role !== undefined) {
      await addSettings(inner, role);
      if (hasJson) inner.addOption(jsonOption());
      inner.action((flags: NodeFlags) => run(role, flags));
    } else {
      for (const each of ROLES) {
        const command = inner.command(each).description(`of the ${each}`);
        command.copyInheritedSettings(inner).addOption(verboseOption());
        if (hasJson) command.addOption(jsonOption());
        await addSettings(command, each);
        command.action((flags: NodeFlags) => run(each, flags));
      }
      const [first] = outer.args;
      if (first !== undefined && first.startsWith("-") && !["-h", "--help"].includes(first))
        inner.error(`error: expected a role before ${first}: ${ROLES.join(", ")}`);
    }
    await inner.parseAsync(outer.args, { from: "user" });
  });
}

async function addSettings(command: Command, role: RoleName): Promise<void> {
  const { fallbackOf, flagOf, settingOf, settingsOf, shownValue } = await import("../daemon/settings/index.ts");
  command.addOption(
    new Option("--config <file>", "settings as JSON; flags and B52_... variables go before it").argParser(callerPath),
  );
  for (const name of settingsOf(role)) {
    const fallback = fallbackOf(name, role);
    const shown = fallback === undefined ? "" : ` (default: ${shownValue(name, fallback)})`;
    command.addOption(new Option(`--${flagOf(name)} <value>`, `${settingOf(name).meaning}${shown}`));
  }
}

/**
 * Everything that is set, from all sources.
 * @param isShown whether it is only looked at, so that what a node must have may be missing
 */
export async function configurationOf(role: RoleName, flags: NodeFlags, isShown = false): Promise<Configuration> {
  const { readConfiguration } = await import("../daemon/settings/index.ts");
  const { config, json: _, verbose: __, ...settings } = flags;
  return readConfiguration(role, { flags: settings, file: config, folder: callerPath("."), isShown });
}
