import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openConnection } from "../../src/chain/connection.ts";
import { type Deployment, writeDeployment } from "../../src/chain/deployment.ts";
import {
  type Configuration,
  Metrics,
  readConfiguration,
  type RunningNode,
  startNode as startDaemon,
} from "../../src/daemon/index.ts";
import { type LogLine, logTo } from "../../src/log/index.ts";
import type { OperatorKeys } from "../../src/operator/index.ts";
import { deploySmall, smallParameters } from "../support/smallRollup.ts";
import { startNode, type TestNode } from "../support/testNode.ts";

/** A rollup on a chain of its own, for followers: its keys are nobody's, so nobody proves anything. */
export interface SmallL1 {
  readonly node: TestNode;
  readonly folder: string;
  readonly deployment: Deployment;
  close(): Promise<void>;
}

export async function startL1(seed: string): Promise<SmallL1> {
  const node = await startNode();
  const folder = await mkdtemp(join(tmpdir(), "b52-daemon-"));
  const connection = await openConnection(node.url);
  const deployment = await deploySmall(connection, smallParameters(seed));
  await writeDeployment(join(folder, "deployment.json"), deployment);
  await connection.close();
  return {
    ...{ node, folder, deployment },
    async close() {
      await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Settings of a follower that finds nobody by itself. */
export const followerOf = (
  { folder, node }: SmallL1,
  name: string,
  flags: Record<string, unknown> = {},
): Promise<Configuration> =>
  readConfiguration("follower", {
    flags: {
      ...{ rpc: node.url, deployment: join(folder, "deployment.json"), dataDir: join(folder, name), pollMs: 100 },
      ...{ status: "127.0.0.1:0", api: "off", listen: "/ip4/127.0.0.1/tcp/0", mdns: false },
      ...flags,
    },
    env: {},
    folder,
  });

export interface Started {
  readonly node: RunningNode;
  readonly lines: LogLine[];
  readonly stop: AbortController;
}

export async function start(configuration: Configuration, keys?: OperatorKeys): Promise<Started> {
  const lines: LogLine[] = [];
  const stop = new AbortController();
  const metrics = new Metrics();
  const log = logTo((line) => {
    metrics.onLine(line);
    lines.push(line);
  });
  const node = await startDaemon(configuration, { keys, log, metrics, signal: stop.signal });
  return { node, lines, stop };
}

/** What the status server answers. */
export async function ask(status: string, path: string): Promise<{ code: number; body: string }> {
  const response = await fetch(`${status}${path}`);
  return { code: response.status, body: await response.text() };
}
