import { getQueue, type QueuedOperation } from "../chain/actions/getQueue.ts";
import type { ChainClient } from "../chain/client.ts";
import { operationKind } from "../protocol/operation.ts";
import { accountCount } from "../protocol/profile.ts";
import { executeOperation } from "../state/operation.ts";
import type { State } from "../state/state.ts";

/**
 * What an operation will do if nothing but the queue comes before it:
 * - applied: what it says,
 * - returned: a deposit that cannot enter its account becomes an exit to its owner,
 * - void: nothing; its fee is lost.
 */
export type Effect = "applied" | "returned" | "void";

/** A queued operation and what it will do after those before it. */
export interface ForecastOperation extends QueuedOperation {
  readonly effect: Effect;
  /** Accounts whose balances it changes. */
  readonly changes: readonly number[];
}

/** The L2 after all that the bridge's queue holds. */
export interface Forecast {
  readonly state: State;
  readonly operations: readonly ForecastOperation[];
}

/** Blocks begin with what is in the queue, before any transfer. */
export async function forecastQueue(client: ChainClient, state: State): Promise<Forecast> {
  return executeQueue(state, await getQueue(client));
}

/** Executes operations in order on a fork of `state`. */
export function executeQueue(state: State, queue: readonly QueuedOperation[]): Forecast {
  const after = state.fork();
  const operations = queue.map((queued) => ({ ...queued, ...execute(after, queued) }));
  return { state: after, operations };
}

/** How many of the queue's operations change the balance of account `index`. */
export const operationsOn = ({ operations }: Forecast, index: number): number =>
  operations.filter(({ changes }) => changes.includes(index)).length;

function execute(state: State, { operation, packed }: QueuedOperation): Pick<ForecastOperation, "effect" | "changes"> {
  const touched = [operation.from, operation.to].filter((index) => index > 0 && index < accountCount(state));
  const before = touched.map((index) => state.account(index).balance);
  const { exit } = executeOperation(state, packed);
  const changes = touched.filter((index, i) => state.account(index).balance !== before[i]);
  const isDeposit = operationKind(operation) === "deposit";
  const effect: Effect =
    isDeposit && exit !== 0n ? "returned" : changes.length === 0 && exit === 0n ? "void" : "applied";
  return { effect, changes };
}
