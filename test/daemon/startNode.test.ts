import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { ListenError } from "../../src/gossip/libp2p/index.ts";
import { PortError } from "../../src/daemon/watch/statusServer.ts";
import { LockedError } from "../../src/database/index.ts";
import { some, tooMany } from "../faults/faults.ts";
import { startProxy } from "../faults/rpcProxy.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { freePort } from "../support/testNode.ts";
import { until } from "../support/until.ts";
import { ask, followerOf, type SmallL1, start, type Started, startL1 } from "./support.ts";

describe("a node that runs", function () {
  this.timeout(60_000);
  let l1: SmallL1;
  const running: Started[] = [];

  before(async () => {
    l1 = await startL1("daemon");
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ node }) => node.close()));
  });
  after(() => l1.close());

  async function run(name: string, flags: Record<string, unknown> = {}): Promise<Started> {
    const started = await start(await followerOf(l1, name, flags));
    running.push(started);
    return started;
  }

  async function taken(): Promise<{ server: Server; port: number }> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, port: (server.address() as { port: number }).port };
  }

  it("is not ready while it has no peers, warns, and is when it has one", async () => {
    const first = await run("first");
    const status = first.node.status!;
    expect((await ask(status, "/live")).code).to.equal(200);
    const alone = await ask(status, "/ready");
    expect(alone.code).to.equal(503);
    expect(alone.body).to.match(
      /^down +peers: 0 connected, expected 1 or more; no new block is offered, messages go over the bulletin on L1$/m,
    );
    expect(alone.body).to.match(/^ok +L1: block \d+$/m);
    await until("a warning", () => first.lines.some(({ code }) => code === "not-ready"));
    await run("second", { bootstrap: first.node.addresses.join() });
    await until("a peer", async () => (await ask(status, "/ready")).code === 200);
    expect((await ask(status, "/ready")).body).to.match(/^ok +peers: 1 connected$/m);
    const { body } = await ask(status, "/metrics");
    expect(body).to.match(/^b52_peers 1$/m);
    expect(body).to.match(/^b52_part_condition\{part="L1"\} 2$/m);
    expect(body).to.match(/^b52_log_lines_total\{level="warn",code="not-ready"\} 1$/m);
  });

  it("serves its read API", async () => {
    const { node } = await run("api", { api: "127.0.0.1:0" });
    const response = await fetch(`${node.api}/v1/openapi.json`);
    expect(response.status).to.equal(200);
  });

  it("names the port that another program has, and the setting that asks for it", async () => {
    const { server, port } = await taken();
    try {
      const status = await followerOf(l1, "taken", { status: `127.0.0.1:${port}` });
      await expectRejection(start(status), PortError, `127.0.0.1:${port}: another program has the port`);
      await expectRejection(start(status), PortError, "(setting status)");
      const api = await followerOf(l1, "taken", { api: `127.0.0.1:${port}` });
      await expectRejection(start(api), PortError, "(setting api)");
      const listen = await followerOf(l1, "taken", { listen: `/ip4/127.0.0.1/tcp/${port}` });
      await expectRejection(start(listen), ListenError, `/ip4/127.0.0.1/tcp/${port}: another program has the port`);
      await expectRejection(start(listen), ListenError, "(setting listen)");
    } finally {
      server.close();
    }
  });

  it("refuses a folder that another process has open", async () => {
    await run("locked");
    await expectRejection(start(await followerOf(l1, "locked")), LockedError, `${process.pid}`);
  });

  it("starts through a node that answers three calls in ten with 429", async () => {
    const proxy = await startProxy(l1.node.url);
    // Once for all calls of a request.
    const draw = some("429", 0.3, tooMany);
    let drawn: ReturnType<typeof draw> | undefined;
    proxy.behave = (call) => {
      if (drawn === undefined) queueMicrotask(() => (drawn = undefined));
      return (drawn ??= draw(call));
    };
    try {
      const { node } = await run("busy", { rpc: proxy.url });
      expect((await ask(node.status!, "/ready")).body).to.match(/^(ok|degraded) +L1: /m);
    } finally {
      await Promise.all(running.splice(0).map(({ node }) => node.close()));
      await proxy.close();
    }
  });

  it("waits for an L1 that is down at its start, and says so from the beginning", async () => {
    const proxy = await startProxy(l1.node.url);
    proxy.behave = () => "cut";
    const port = await freePort();
    const configuration = await followerOf(l1, "early", { rpc: proxy.url, status: `127.0.0.1:${port}` });
    const starting = start(configuration);
    try {
      const status = `http://127.0.0.1:${port}`;
      await until("the first answer", () => ask(status, "/live").then(Boolean, () => false));
      const answer = await ask(status, "/ready");
      expect(answer.code).to.equal(503);
      expect(answer.body).to.match(/^down +L1: no block seen yet$/m);
      proxy.behave = () => "pass";
      running.push(await starting);
      expect((await ask(status, "/ready")).body).to.match(/^ok +L1: block \d+$/m);
      proxy.behave = () => "cut";
      const says = (pattern: RegExp) => async () => pattern.test((await ask(status, "/ready")).body);
      await until("L1 is down", says(/^down +L1: /m), 30_000);
      proxy.behave = () => "pass";
      await until("L1 is back", says(/^ok +L1: /m), 30_000);
    } finally {
      await Promise.all(running.splice(0).map(({ node }) => node.close()));
      await proxy.close();
    }
  });

  it("stops within five seconds, also while L1 does not answer", async () => {
    const proxy = await startProxy(l1.node.url);
    try {
      const started = await start(await followerOf(l1, "stop", { rpc: proxy.url }));
      proxy.behave = () => "silent";
      const begun = performance.now();
      started.stop.abort(new Error("stop"));
      await started.node.close();
      await started.node.done;
      expect(performance.now() - begun).to.be.lessThan(5_000);
      expect(started.lines.at(-1)).to.include({ code: "stopped" });
      await expectClosed(started.node.status!);
    } finally {
      await proxy.close();
    }
  });

  it("tells other programs of the machine where it is", async () => {
    const { node } = await run("told");
    const { readFile } = await import("node:fs/promises");
    const told: unknown = JSON.parse(await readFile(join(l1.folder, "told", "addresses.json"), "utf8"));
    expect(told).to.deep.include({ role: "follower", pid: process.pid, status: node.status });
    expect((told as { addresses: string[] }).addresses).to.deep.equal(node.addresses);
  });
});

async function expectClosed(status: string): Promise<void> {
  const open = await fetch(`${status}/live`).then(
    () => true,
    () => false,
  );
  expect(open).to.equal(false);
}
