import type { ChainClient } from "../../src/chain/client.ts";

type Ask = () => Promise<unknown[]>;

/** A client whose rollup's logs go through `answer`. */
export function withQueries(
  client: ChainClient,
  answer: (ask: Ask, from: number, to: number) => Promise<unknown[]>,
): ChainClient {
  const rollup = new Proxy(client.rollup, {
    get(target, name, receiver) {
      if (name !== "queryFilter") return Reflect.get(target, name, receiver) as unknown;
      return (filter: never, from: number, to: number) => answer(() => target.queryFilter(filter, from, to), from, to);
    },
  });
  return { ...client, rollup };
}
