import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { ThreadedChecker } from "../../src/gossip/innerChecker.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { joinNetwork, type JoinNetworkOptions, type Network } from "../../src/gossip/libp2p/index.ts";
import { route, viewOf } from "./fixture.ts";
import { until } from "../support/until.ts";

export type NodeChange = Partial<JoinNetworkOptions>;

const open = new Set<Network>();
/** One thread for all nodes of a test file; idle, it does not keep the process alive. */
export const checker = new ThreadedChecker(route.domain);

/** A node on a free port of loopback that finds nobody by itself. */
export async function startNode(name: string, change: NodeChange = {}): Promise<Network> {
  const network = await joinNetwork({
    name,
    route,
    view: () => viewOf(false),
    key: new NetworkKey(getBytes(id(`network key of ${name}`))),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    discovery: false,
    checker,
    blobs: new MemoryBlobs(),
    ...change,
  });
  open.add(network);
  return network;
}

/** Ends every node that a test has begun. */
export async function stopNodes(): Promise<void> {
  await Promise.all([...open].map((network) => network.close()));
  open.clear();
}

/** Settles when each node has as many peers to exchange votes with as it is connected to. */
export async function meshed(networks: readonly Network[], peers: (i: number) => number): Promise<void> {
  await until("every node has its mesh", () =>
    networks.every((network, i) => Object.values(network.status().mesh).every((size) => size >= peers(i))),
  );
}

/** Nodes each of which begins with the one before it. */
export async function startLine(names: readonly string[], change: (name: string) => NodeChange = () => ({})) {
  const networks: Network[] = [];
  for (const name of names) {
    const before = networks.at(-1);
    networks.push(await startNode(name, { bootstrap: before ? [...before.addresses] : [], ...change(name) }));
  }
  await meshed(networks, (i) => Number(i > 0) + Number(i < names.length - 1));
  return networks;
}
