import { fileURLToPath } from "node:url";
import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { joinNetwork } from "../../src/gossip/libp2p/index.ts";
import { until } from "../support/until.ts";
import { route, viewOf } from "./fixture.ts";

/** A node on a rollup's network that knows nobody. Tells who it is and whom it is connected to, until it is killed. */
async function run(name: string, domain: bigint, waitMs: number, announce: readonly string[]): Promise<void> {
  const network = await joinNetwork({
    ...{ name, route: { ...route, domain }, view: () => viewOf(false), listen: ["/ip4/0.0.0.0/tcp/0"], mdns: true },
    ...{ announce, discovery: false, blobs: new MemoryBlobs(), key: new NetworkKey(getBytes(id(`mdns ${name}`))) },
  });
  const { peerId } = network;
  await until("a peer", () => network.status().peers > 0, waitMs).catch(() => undefined);
  const peers = (await network.peers()).map((peer) => peer.id);
  process.stdout.write(`${JSON.stringify({ name, peerId, peers })}\n`);
  setInterval(() => undefined, 60_000);
}

// Whoever looks for tests loads all files.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name, domain, waitMs, ...announce] = process.argv;
  await run(name!, BigInt(domain!), Number(waitMs), announce);
}
