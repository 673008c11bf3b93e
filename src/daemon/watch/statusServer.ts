import type { AddressInfo } from "node:net";
import { fastify } from "fastify";
import { portTrouble } from "../../chain/port.ts";
import { B52Error } from "../../protocol/errors.ts";
import type { Listen } from "../settings/index.ts";
import type { Health, NamedComponent } from "./health.ts";
import type { Metrics } from "./metrics.ts";

/** A server cannot listen where it is to. */
export class PortError extends B52Error {
  /** @param setting that says where */
  constructor({ host, port }: Listen, setting: string, cause: NodeJS.ErrnoException) {
    const reason = portTrouble(cause.code, cause.message);
    super(
      `cannot listen on ${host}:${port}: ${reason}, expected a free port of this machine (setting ${setting})`,
      { host, port, setting },
      { cause },
    );
  }
}

export interface StatusServerOptions {
  readonly listen: Listen;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Whether the program is alive, as opposed to hanging. */
  readonly isAlive: () => boolean;
}

export interface StatusServer {
  /** http address. */
  readonly url: string;
  close(): Promise<void>;
}

const line = ({ name, condition, detail }: NamedComponent): string => `${condition.padEnd(8)}  ${name}: ${detail}`;

/**
 * `/live`: 200 unless the program hangs. `/ready`: a line for each part, 503 if one is down; JSON where that is asked
 * for. `/metrics`: for Prometheus.
 * @throws {PortError}
 */
export async function serveStatus({ listen, health, metrics, isAlive }: StatusServerOptions): Promise<StatusServer> {
  const server = fastify({ forceCloseConnections: true });
  server.get("/live", async (_, reply) => {
    const alive = isAlive();
    return reply
      .code(alive ? 200 : 503)
      .type("text/plain")
      .send(alive ? "alive\n" : "hangs\n");
  });
  server.get("/ready", async ({ headers }, reply) => {
    const parts = health.report();
    const ready = parts.every(({ condition }) => condition !== "down");
    reply.code(ready ? 200 : 503);
    if (headers.accept?.includes("application/json") === true) return { ready, parts };
    return reply.type("text/plain").send(`${parts.map(line).join("\n")}\n`);
  });
  server.get("/metrics", async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  try {
    await server.listen(listen);
  } catch (error) {
    throw new PortError(listen, "status", error as NodeJS.ErrnoException);
  }
  const { port } = server.server.address() as AddressInfo;
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return { url: `http://${host}:${port}`, close: () => server.close() };
}
