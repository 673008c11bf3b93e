import type { ChainClient } from "../client.ts";
import { getQueue, type QueuedOperation } from "./getQueue.ts";
import { getRoundState } from "./getRoundState.ts";

/** What a block must begin with that is committed to now: all of these, in this order. */
export async function getDueOperations(client: ChainClient): Promise<QueuedOperation[]> {
  return getQueue(client, (await getRoundState(client)).commitDue);
}
