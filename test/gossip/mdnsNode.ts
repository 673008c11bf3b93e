import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { joinNetwork } from "../../src/gossip/libp2p/index.ts";
import { until } from "../support/until.ts";
import { route, viewOf } from "./fixture.ts";

const WAIT_MS = 30_000;

/** How long after the others a node of another rollup may still find somebody, ms. */
const IN_VAIN_MS = 1_000;

/** As long as domains are; those of other rollups differ from it in their last digits alone. */
const DOMAIN = BigInt(id("a rollup")) >> 8n;
const otherDomain = (name: string): bigint => DOMAIN ^ (BigInt(id(name)) & 0xffn) ^ 0x100n;

/** Two nodes that know nobody, of a rollup and of another one. Tells whom they are connected to, until it is killed. */
async function run(name: string, announce: readonly string[]): Promise<void> {
  const join = (domain: bigint, announced: readonly string[]) =>
    joinNetwork({
      ...{ name, route: { ...route, domain }, view: () => viewOf(false), listen: ["/ip4/0.0.0.0/tcp/0"], mdns: true },
      ...{ announce: announced, discovery: false, blobs: new MemoryBlobs() },
      key: new NetworkKey(getBytes(id(`mdns ${name} ${domain}`))),
    });
  const [network, other] = await Promise.all([join(DOMAIN, announce), join(otherDomain(name), [])]);
  await until("a peer", () => network.status().peers > 0, WAIT_MS);
  await sleep(IN_VAIN_MS);
  const [peers, strangers] = (await Promise.all([network.peers(), other.peers()])).map((all) =>
    all.map((one) => one.id),
  );
  process.stdout.write(`${JSON.stringify({ name, peerId: network.peerId, peers, strangers })}\n`);
  setInterval(() => undefined, 60_000);
}

// Whoever looks for tests loads all files.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name, ...announce] = process.argv;
  await run(name!, announce);
}
