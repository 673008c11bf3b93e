import type { Command } from "commander";
import type { Configuration, RoleName } from "../../../daemon/settings/index.ts";
import type { OperatorKeys } from "../../../operator/index.ts";
import type { CommandContext } from "../../context.ts";
import { configurationOf, type NodeFlags, settingsCommand } from "../../nodeFlags.ts";
import { unlockedOperator } from "../../operator.ts";
import { setUp } from "../../setup.ts";

const DESCRIPTIONS: Readonly<Record<RoleName, string>> = {
  prover: "Vote for blocks, prove what is assigned, and earn; takes a registered key (b52 stake register).",
  proposer: "Offer blocks, bid for heights, reveal and submit; takes a seat (b52 seat take).",
  follower: "Follow the rollup, check and pass on what is said, and keep its blobs.",
};

export const runCommands = (Object.keys(DESCRIPTIONS) as RoleName[]).map(
  (role) =>
    (context: CommandContext): Command =>
      settingsCommand({ name: role, description: DESCRIPTIONS[role] }, (_, flags) => run(role, flags, context), role),
);

async function run(role: RoleName, flags: NodeFlags, { signal, announceStop }: CommandContext): Promise<void> {
  const configuration = await configurationOf(role, flags);
  const { settings } = configuration;
  const keys = needsKey(configuration) ? await unlockedOperator(settings, signal) : undefined;
  const { readDeployment } = await import("../../../chain/deployment.ts");
  const { knownProfile } = await import("../../../setup/knownProfile.ts");
  const { name } = knownProfile(await readDeployment(settings.deployment));
  // A follower makes no proofs and checks none.
  await setUp({ profiles: role === "follower" ? [] : [name], signal });
  await start(configuration, keys, signal, announceStop);
}

const needsKey = ({ role, settings }: Configuration): boolean => role !== "follower" || settings.serves;

async function start(
  configuration: Configuration,
  keys: OperatorKeys | undefined,
  signal: AbortSignal,
  announceStop: CommandContext["announceStop"],
): Promise<void> {
  const { Metrics, nodeLog, startNode } = await import("../../../daemon/index.ts");
  const { role, settings } = configuration;
  const metrics = new Metrics();
  const log = nodeLog({
    ...{ level: settings.logLevel, format: settings.logFormat },
    onLine: (line) => metrics.onLine(line),
  }).with({ role });
  announceStop?.(() => log.info("stopping", "asked to stop; asked again, it ends on the spot"));
  const node = await startNode(configuration, { keys, log, metrics, signal });
  try {
    await node.done;
  } finally {
    await node.close();
  }
}
