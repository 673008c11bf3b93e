import { setTimeout as sleep } from "node:timers/promises";
import { type ChainClient, connectRollup } from "../../chain/client.ts";
import type { Deployment } from "../../chain/deployment.ts";
import { ChainUnreachableError, NodeSilentError, NodeTooEarlyError } from "../../chain/errors.ts";
import type { PoolStatus } from "../../chain/pool/pool.ts";
import { connectPool } from "../../chain/pool/provider.ts";
import type { Log } from "../../log/index.ts";
import type { Settings } from "../settings/index.ts";

/** What may be over in a moment. A wrong chain is not. */
const PASSING = [ChainUnreachableError, NodeSilentError, NodeTooEarlyError] as const;

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 15_000;

/**
 * Connects to the rollup. A node that is down, busy or behind is waited for, as long as it takes: a program that is
 * started with its machine comes before its node.
 * @throws {WrongChainError} and whatever else no waiting helps against
 */
export async function connectL1(
  { rpc, rpcTimeout }: Settings,
  deployment: Deployment,
  log: Log,
  signal: AbortSignal,
): Promise<{ readonly client: ChainClient; readonly nodes: () => PoolStatus }> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    try {
      const onWait = (line: string): void => log.info("l1-waits", line);
      const provider = await connectPool(rpc, { signal, onWait, timeoutMs: rpcTimeout * 1_000 });
      return { client: await connectRollup(provider, deployment), nodes: () => provider.status() };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error) || !PASSING.some((type) => error instanceof type)) throw error;
      log.warn("l1-unreachable", `L1 cannot be used yet: ${error.message}`, { error });
      await sleep(pause, undefined, { signal });
    }
  }
}
