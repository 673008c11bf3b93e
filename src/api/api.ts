import type { AddressInfo } from "node:net";
import { Following } from "./follow.ts";
import type { Fed } from "./index/chainIndex.ts";
import { TransferPool } from "./pool.ts";
import type { ApiOptions, ApiPorts } from "./ports.ts";
import { readTransfer } from "./read/transfers.ts";
import { addChainRoutes } from "./routes/chain.ts";
import type { RouteContext } from "./routes/context.ts";
import { addNodeRoutes } from "./routes/node.ts";
import { addRoundRoutes } from "./routes/rounds.ts";
import { addTransactionRoutes } from "./routes/transactions.ts";
import { createServer } from "./server.ts";
import { EventStream } from "./stream.ts";

/** What an API is doing, for metrics. */
export interface ApiStats {
  readonly streams: number;
  readonly requests: number;
  readonly problems: number;
}

/** The read API of a node. */
export interface Api {
  /** @returns where it listens: port 0 takes a free one */
  listen(where?: { readonly host?: string; readonly port?: number }): Promise<AddressInfo>;
  /** The OpenAPI document. */
  document(): object;
  stats(): ApiStats;
  /** Ends all streams, and settles when nothing of it runs any more. */
  close(): Promise<void>;
}

const DEFAULTS = {
  ...{ maxStreams: 64, maxEvents: 4_096, heartbeatMs: 15_000 },
  ...{ maxDownloads: 4, downloadsPerMinute: 12, downloadMs: 600_000 },
  ...{ transfersPerSecond: 20, maxTransfers: 16_384, minFee: 0n },
};

/** Makes the API of a node that follows L1. It follows from now on, and answers when it listens. */
export async function createApi(ports: ApiPorts, { allowOrigin, ...given }: ApiOptions = {}): Promise<Api> {
  const options = { ...DEFAULTS, ...given, ...(allowOrigin !== undefined && { allowOrigin }) };
  const { index, log, version } = ports;
  const stats = { requests: 0, problems: 0 };
  const app = await createServer({
    ...{ version, allowOrigin },
    onFault: (error, route) => log.error("api-fault", "a request could not be answered", { route, error }),
  });
  app.addHook("onResponse", async (_request, reply) => {
    stats.requests++;
    if (reply.statusCode >= 400) stats.problems++;
  });
  const stream = new EventStream(options);
  const { maxTransfers, minFee } = options;
  const pool = new TransferPool({ maxTransfers, minFee }, (id, reason) => {
    // What has come into a block leaves, too, and is not dropped.
    if (reason !== undefined && readTransfer(index.sql, id) !== undefined) return;
    const state = reason === undefined ? "waiting" : "dropped";
    stream.push({ type: "transaction", id, state, reason: reason ?? null });
  });
  const context: RouteContext = { app, ports, pool, stream, options };
  addNodeRoutes(context);
  addRoundRoutes(context);
  addChainRoutes(context);
  addTransactionRoutes(context);
  app.get("/v1/openapi.json", { schema: { hide: true } }, () => app.swagger());
  await app.ready();

  const unwatch = index.watch(({ droppedFrom, events }: Fed) => {
    if (droppedFrom !== undefined) stream.push({ type: "reorganised", from: droppedFrom });
    for (const event of events) stream.push(event);
  });
  const stop = new AbortController();
  const following = new Following(ports, pool, stream).run(stop.signal);
  return {
    async listen({ host = "127.0.0.1", port = 0 } = {}) {
      await app.listen({ host, port });
      return app.server.address() as AddressInfo;
    },
    document: () => app.swagger(),
    stats: () => ({ streams: stream.readers, ...stats }),
    async close() {
      unwatch();
      stop.abort();
      stream.close();
      await app.close();
      await following;
    },
  };
}
