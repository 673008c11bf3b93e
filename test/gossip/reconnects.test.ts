import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { createNode, type Node } from "../../src/gossip/libp2p/node.ts";
import { projectPath } from "../../src/setup/project.ts";
import { until } from "../support/until.ts";
import { route, viewOf } from "./fixture.ts";

/** How often peers come and go; 2,000 for `./b52 test --network`. */
const RECONNECTS = Number(process.env.B52_RECONNECTS ?? 200);

/** What a node may hold more after that: of each time a little, and code that was compiled meanwhile. */
const MAX_GROWTH_BYTES = 2 * 2 ** 20 + 1_536 * RECONNECTS;

/** How long a node may take to give it back, ms. */
const SETTLE_MS = 45_000;

/** Until caches have their size. */
const WARM_UP = 50;

interface Report {
  readonly bytes: number;
  readonly peers: number;
}

const enter = (name: string): Promise<Node> =>
  createNode({
    ...{ name, route, view: () => viewOf(false), listen: ["/ip4/127.0.0.1/tcp/0"], discovery: false },
    ...{ blobs: new MemoryBlobs(), key: new NetworkKey(getBytes(id(`comes and goes ${name}`))) },
  });

describe(`a node to which peers come and from which they go ${RECONNECTS} times`, function () {
  this.timeout(60_000 + 200 * RECONNECTS);

  it(`holds at most ${(MAX_GROWTH_BYTES / 2 ** 20).toFixed(1)} MiB more than before`, async () => {
    const program = projectPath("test", "gossip", "reconnected.ts");
    const child = spawn(process.execPath, ["--expose-gc", "--import", "tsx", program], {
      cwd: projectPath(),
      stdio: ["pipe", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async <T>(): Promise<T> => JSON.parse((await lines.next()).value as string) as T;
    const report = async (): Promise<Report> => {
      child.stdin.write("\n");
      return next<Report>();
    };
    const alone = async (): Promise<Report> => {
      let last = await report();
      await until("nobody is connected any more", async () => (last = await report()).peers === 0);
      return last;
    };
    const { address } = await next<{ address: string }>();
    const target = multiaddr(address);
    const lasting = await enter("always the same");
    const comeAndGo = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) {
        // Every fourth is somebody new.
        const node = i % 4 === 0 ? await enter(`${i}`) : lasting;
        const connection = await node.dial(target);
        await until("it has said who it is", () => node.services.pubsub.getPeers().length > 0);
        await connection.close();
        if (node !== lasting) await node.stop();
      }
    };
    try {
      await comeAndGo(0, WARM_UP);
      const before = await alone();
      await comeAndGo(WARM_UP, WARM_UP + RECONNECTS);
      // Deadlines of streams that have ended hold on to them for some seconds.
      let growth = 0;
      await until(
        `it holds at most ${(MAX_GROWTH_BYTES / 2 ** 20).toFixed(1)} MiB more`,
        async () => (growth = (await report()).bytes - before.bytes) <= MAX_GROWTH_BYTES,
        SETTLE_MS,
      ).finally(() => {
        const [more, held] = [growth, before.bytes].map((bytes) => (bytes / 2 ** 20).toFixed(2));
        console.log(`      ${more} MiB more than ${held} MiB`);
      });
      expect((await report()).peers).to.equal(0);
    } finally {
      await lasting.stop();
      child.stdin.end();
      expect((await exited)[0], "exit code").to.equal(0);
    }
  });
});
