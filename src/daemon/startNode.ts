import { join } from "node:path";
import { within } from "../blobs/index.ts";
import { readDeployment } from "../chain/deployment.ts";
import type { ChainClient } from "../chain/index.ts";
import { replaceFile } from "../chain/replaceFile.ts";
import type { Log } from "../log/index.ts";
import type { OperatorKeys } from "../operator/index.ts";
import { Closing } from "./closing.ts";
import { lockKey } from "./compose/keyLock.ts";
import { connectL1 } from "./compose/l1.ts";
import { type NodePorts, openNodeDatabase, openPorts } from "./compose/ports.ts";
import { makeRole, type RunningRole } from "./compose/role.ts";
import type { Configuration } from "./settings/index.ts";
import { Board } from "./watch/board.ts";
import { headOf } from "../chain/head.ts";
import { HeadClock } from "./watch/headClock.ts";
import type { Metrics } from "./watch/metrics.ts";
import { serveStatus } from "./watch/statusServer.ts";

export interface StartOptions {
  /** Of the role; undefined for a follower that sends nothing. */
  readonly keys: OperatorKeys | undefined;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Ends the node. */
  readonly signal: AbortSignal;
}

/** A node that runs. */
export interface RunningNode {
  /** Where `/live`, `/ready` and `/metrics` are; undefined if they are off. */
  readonly status: string | undefined;
  /** Of a follower that has one. */
  readonly api: string | undefined;
  /** libp2p addresses by which others reach it. */
  readonly addresses: readonly string[];
  /** Settles when the role has ended; rejects with what has ended it, if that was not the signal. */
  readonly done: Promise<void>;
  /** Ends everything, in less than five seconds. */
  close(): Promise<void>;
}

/** What other programs of the machine find a node by, in its data folder. */
export const ADDRESS_FILE = "addresses.json";

/**
 * Starts a role with all that it needs: L1, database, state, blobs, network, proofs. `/ready` answers from the
 * beginning. What fails at the start ends what was begun, and is thrown.
 */
export async function startNode(configuration: Configuration, options: StartOptions): Promise<RunningNode> {
  const { log, signal } = options;
  const stop = new AbortController();
  const closing = new Closing(log);
  const both = AbortSignal.any([signal, stop.signal]);
  try {
    return await start(configuration, options, closing, { signal: both, stop });
  } catch (error) {
    stop.abort(error);
    await closing.close();
    throw error;
  }
}

interface Stop {
  readonly signal: AbortSignal;
  readonly stop: AbortController;
}

async function start(
  configuration: Configuration,
  { keys, log, metrics }: StartOptions,
  closing: Closing,
  { signal, stop }: Stop,
): Promise<RunningNode> {
  const { role, settings } = configuration;
  const deployment = await readDeployment(settings.deployment);
  const database = await openNodeDatabase(settings, deployment);
  closing.add("the database", () => database.close());
  if (keys !== undefined) {
    const lock = await lockKey(keys.address, deployment);
    closing.add("the key's lock", () => lock.release());
  }
  const board = new Board(configuration, log, metrics);
  closing.add("the board", () => board.close());
  const { status: listen } = settings;
  const server = listen && (await serveStatus({ listen, health: board.health, metrics, isAlive: () => board.isAlive }));
  if (server !== undefined) closing.add("the status server", () => server.close());

  const { client, nodes } = await connectL1(settings, deployment, log, signal);
  board.facts.nodes = nodes;
  closing.add("the connection to L1", () => client.provider.destroy());
  const clock = clockOf(client, board, settings.pollMs);
  void clock.run(signal);
  const onVerdict = metrics.onVerdict.bind(metrics);
  const ports = await openPorts({ name: role, settings, deployment, client, database, clock, log, onVerdict, closing });
  board.watch(ports);
  const running = await makeRole({
    ...{ configuration, ports, keys, log, closing, signal },
    isHeld: () => board.isHeld,
    countCuts: () => board.countCuts(),
  });
  board.follow(running, keys);
  followHeads(ports, running, board, log);
  const { addresses } = ports.network;
  await tell(settings.dataDir, { role, pid: process.pid, status: server?.url, api: running.api?.url, addresses });
  log.info("started", `the ${role} runs`, {
    ...{ address: running.address, status: server?.url, api: running.api?.url, addresses },
  });
  const done = runRole(running, board, log, signal);
  return {
    ...{ status: server?.url, api: running.api?.url, addresses, done },
    async close() {
      stop.abort(new Error("closed"));
      await Promise.all([done.catch(() => undefined), closing.close()]);
      log.info("stopped", `the ${role} has stopped`);
    },
  };
}

/** An L1 that does not answer for so long is said to be down, whatever becomes of the call. */
const LOOK_TIMEOUT_MS = 8_000;

function clockOf({ provider }: ChainClient, { facts }: Board, pollMs: number): HeadClock {
  return new HeadClock({
    pollMs,
    latest(signal) {
      return within(LOOK_TIMEOUT_MS, signal, () => headOf(provider));
    },
    onHead: (head, seenAt) => facts.onHead(head, seenAt),
    onFailure: (error) => facts.onFailure(error),
    onRecovery: () => facts.onRecovery(),
  });
}

/** Reads L1 at each new block, which wakes the role, and keeps the certificate good. */
function followHeads({ clock, reader }: NodePorts, { identity }: RunningRole, { facts }: Board, log: Log): void {
  const look = async (): Promise<void> => {
    await reader.read();
    if (facts.head !== undefined) await identity?.renew(facts.head.timestamp);
  };
  clock.onHead(() => void look().catch((error: unknown) => log.debug("look-failed", "L1 was not read", { error })));
}

async function runRole(role: RunningRole, board: Board, log: Log, signal: AbortSignal): Promise<void> {
  try {
    await role.run(signal);
    board.end("it has stopped");
  } catch (error) {
    board.end((error as Error).message);
    log.error("role-failed", `the role has ended: ${(error as Error).message}`, { error });
    throw error;
  }
}

async function tell(dataDir: string, facts: object): Promise<void> {
  await replaceFile(join(dataDir, ADDRESS_FILE), [`${JSON.stringify(facts, null, 2)}\n`]);
}
