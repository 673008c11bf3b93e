import { expect } from "chai";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { projectPath } from "../../src/setup/project.ts";

interface Seen {
  readonly name: string;
  readonly peerId: string;
  readonly peers: readonly string[];
  /** Those of a node beside it that belongs to another rollup. */
  readonly strangers: readonly string[];
}

/** A network of this machine's own, which has loopback alone and takes multicast there: nothing of it leaves. */
const ALONE = "ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo";

describe("nodes that know nobody, on one local network", function () {
  this.timeout(60_000);
  let network: ChildProcess | undefined;
  afterEach(() => {
    // With all that it has started.
    if (network?.pid !== undefined) process.kill(-network.pid, "SIGKILL");
    network = undefined;
  });

  it("find those of their rollup by mDNS alone", async function () {
    if (spawnSync("unshare", ["--net", "sh", "-c", ALONE], { stdio: "ignore" }).status !== 0) {
      console.warn("skipped: this machine lets nobody make a network of its own");
      return this.skip();
    }
    // One is on the Internet, where private addresses of strangers are not dialled.
    const nodes = { first: ["/ip4/203.0.113.7/tcp/7"], second: [] };
    const program = projectPath("test", "gossip", "mdnsNode.ts");
    const start = Object.entries(nodes).map((args) => `"$0" --import tsx ${program} ${args.flat().join(" ")} &`);
    const script = [ALONE, ...start, "wait"].join("\n");
    network = spawn("unshare", ["--net", "sh", "-c", script, process.execPath], {
      ...{ cwd: projectPath(), detached: true, stdio: ["ignore", "pipe", "inherit"] },
    });
    const ended = once(network, "close");
    const seen = new Map<string, Seen>();
    for await (const line of createInterface({ input: network.stdout! })) {
      const one = JSON.parse(line) as Seen;
      seen.set(one.name, one);
      if (seen.size === 2) break;
    }
    const [first, second] = [seen.get("first")!, seen.get("second")!];
    expect(first.peers).to.deep.equal([second.peerId]);
    expect(second.peers).to.deep.equal([first.peerId]);
    expect([...first.strangers, ...second.strangers]).to.deep.equal([]);
    process.kill(-network.pid!, "SIGKILL");
    network = undefined;
    await ended;
  });
});
