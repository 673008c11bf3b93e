import { B52Error } from "../../protocol/errors.ts";
import {
  decodeOperation,
  decodePackedOperation,
  type Operation,
  operationChain,
  type PackedOperation,
} from "../../protocol/operation.ts";
import type { ChainClient } from "../client.ts";

/** An operation in the bridge's queue. */
export interface QueuedOperation {
  /** Its number, from 0. */
  readonly index: number;
  readonly operation: Operation;
  /** Its very words, which blocks begin with. */
  readonly packed: PackedOperation;
  /** 60 bytes as hexadecimal. */
  readonly encoded: string;
  /** Unix seconds. */
  readonly postedAt: bigint;
}

/** The node's logs have not all operations that the bridge has: it follows too slowly, or drops old logs. */
export class MissingOperationError extends B52Error {
  constructor(index: number) {
    super(
      `operation ${index} of the bridge's queue is not in the node's logs, expected all operations that were ` +
        "posted: it is behind, or drops old logs (ask it again, or another one: option rpc)",
      { index },
    );
  }
}

export interface GetQueueParameters {
  /** Number of the first operation; without one, the first that is not settled. */
  readonly first?: number;
  /** Without one, all that follow. */
  readonly count?: number;
}

/** Operations of the bridge's queue, in order. @throws MissingOperationError */
export async function getQueue(
  client: ChainClient,
  { first, count }: GetQueueParameters = {},
): Promise<QueuedOperation[]> {
  const { bridge, provider, deployment, scan } = client;
  const { settled, posted } = await bridge.queue();
  const from = first ?? Number(settled);
  const end = count === undefined ? Number(posted) : Math.min(from + count, Number(posted));
  const found = new Map<number, QueuedOperation>();
  if (end > from) {
    const logsOf = async (low: number, high: number) => bridge.queryFilter(bridge.filters.OperationPosted(), low, high);
    for await (const logs of scan.backwards(deployment.started.number, await provider.getBlockNumber(), logsOf)) {
      for (const { args } of logs) {
        const index = Number(args.index);
        if (index < from || index >= end) continue;
        const encoded = args.operation;
        found.set(index, {
          index,
          operation: decodeOperation(encoded),
          packed: decodePackedOperation(encoded),
          encoded,
          postedAt: args.postedAt,
        });
      }
      if (found.has(from)) break;
    }
  }
  const queue = Array.from({ length: Math.max(0, end - from) }, (_, i) => {
    const operation = found.get(from + i);
    if (operation === undefined) throw new MissingOperationError(from + i);
    return operation;
  });
  await requireChained(client, queue);
  return queue;
}

/** Whoever commits to other operations than the bridge has cannot reveal, and forfeits: logs are not taken on trust. */
async function requireChained({ bridge }: ChainClient, queue: readonly QueuedOperation[]): Promise<void> {
  const [first] = queue;
  if (first === undefined) return;
  const before = first.index === 0 ? 0n : (await bridge.operationOf(first.index - 1)).chain;
  const last = first.index + queue.length - 1;
  const { chain } = await bridge.operationOf(last);
  if (queue.reduce((link, { encoded }) => operationChain(link, encoded), before) !== chain)
    throw new MissingOperationError(last);
}
