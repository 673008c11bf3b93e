import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ProxiedCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
  /** Counts requests of HTTP: several calls may come in one. */
  readonly request?: number;
}

/** What the proxy does with a call: pass it on, or something that nodes do. */
export type Behaviour =
  | "pass"
  /** It never answers. */
  | "silent"
  /** It cuts the connection. */
  | "cut"
  | { readonly status: number; readonly headers?: Record<string, string> }
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly result: unknown };

export interface RpcProxy {
  readonly url: string;
  /** What was asked for, and how often. */
  readonly calls: ProxiedCall[];
  /** Headers of the last request. */
  headers: IncomingMessage["headers"];
  /** What becomes of the next calls. */
  behave: (call: ProxiedCall) => Behaviour | Promise<Behaviour>;
  /** Asks the node behind it. */
  ask(method: string, params?: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Stands in front of a node, and plays the faults of others. Without a node it answers as it is told alone. */
export async function startProxy(node?: string): Promise<RpcProxy> {
  let requests = 0;
  // A node that is stopped while it is asked breaks off: so does the proxy, as a gateway would.
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  const proxy: RpcProxy = {
    url: "",
    calls: [],
    headers: {},
    behave: () => "pass",
    async ask(method, params = []) {
      const { result, error } = await passOn({ id: 1, method, params });
      if (error !== undefined) throw new Error(error.message);
      return result;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  async function passOn(call: ProxiedCall): Promise<{ result?: unknown; error?: { message: string } }> {
    const passed = await fetch(node!, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", ...call }),
    });
    return (await passed.json()) as object;
  }
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request)) as ProxiedCall | ProxiedCall[];
    const list = Array.isArray(body) ? body : [body];
    proxy.headers = request.headers;
    proxy.calls.push(...list);
    const number = requests++;
    const behaviours = await Promise.all(list.map(async (call) => proxy.behave({ ...call, request: number })));
    if (behaviours.includes("silent")) return;
    if (behaviours.includes("cut")) return void response.destroy();
    const refused = behaviours.find((behaviour) => typeof behaviour === "object" && "status" in behaviour);
    if (refused !== undefined) {
      response.writeHead((refused as { status: number }).status, (refused as { headers?: object }).headers as never);
      return void response.end("no");
    }
    const answers = await Promise.all(
      list.map(async (call, i) => {
        const behaviour = behaviours[i]!;
        if (typeof behaviour === "object") return { jsonrpc: "2.0", id: call.id, ...behaviour };
        return passOn(call);
      }),
    );
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  Object.assign(proxy, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  return proxy;
}
