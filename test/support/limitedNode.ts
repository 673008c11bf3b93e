import type { ChainClient } from "../../src/chain/client.ts";

export interface NodeLimits {
  /** Most blocks that a query of logs may be about. */
  readonly blocks?: number;
  /** Most logs that an answer may have. */
  readonly logs?: number;
}

/**
 * A client of a node that refuses what others refuse too: queries about many blocks, or with many logs in the answer.
 */
export function limitedNode(client: ChainClient, { blocks = Infinity, logs = Infinity }: NodeLimits): ChainClient {
  const limited = <C extends "rollup" | "bridge" | "bulletin">(name: C): ChainClient[C] =>
    new Proxy(client[name], {
      get(target, property, receiver) {
        if (property !== "queryFilter") return Reflect.get(target, property, receiver) as unknown;
        return async (filter: never, from: number, to: number) => {
          if (to - from >= blocks) throw new Error(`block range larger than ${blocks}`);
          const found = await target.queryFilter(filter, from, to);
          if (found.length > logs) throw new Error(`query returned more than ${logs} results`);
          return found;
        };
      },
    });
  return { ...client, rollup: limited("rollup"), bridge: limited("bridge"), bulletin: limited("bulletin") };
}
