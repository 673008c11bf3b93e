import { multiaddr } from "@multiformats/multiaddr";
import type { BlobSource } from "../../blobs/source.ts";
import { NO_LOG } from "../../log/index.ts";
import type { NetworkGossip } from "../gossip.ts";
import { ThreadedChecker } from "../innerChecker.ts";
import { type Topic, TOPICS } from "../topics.ts";
import { type AddressReport, Announcement } from "./announcement.ts";
import { BlobServer, type BlobServerStats } from "./blobServer.ts";
import { type GossipStats, Libp2pGossip } from "./gossip.ts";
import { DialBackServer } from "./dialBack.ts";
import { DialGate } from "./dialGate.ts";
import { createNode, type Node, topicName } from "./node.ts";
import { Offences } from "./offences.ts";
import type { JoinNetworkOptions } from "./options.ts";
import { PeerBlobs } from "./peerBlobs.ts";
import { Peering } from "./peering.ts";

/** A peer that is connected. */
export interface PeerStatus {
  readonly id: string;
  /** Multiaddrs of its connections. */
  readonly addresses: readonly string[];
  readonly direction: "inbound" | "outbound";
  /** What it says it is. */
  readonly agent: string | undefined;
  /** Below 0: it has forged, or broken the rules of the mesh. */
  readonly score: number;
}

/** How a node is connected. */
export interface NetworkStatus {
  readonly peerId: string;
  /** Multiaddrs that it tells others. */
  readonly addresses: readonly string[];
  readonly peers: number;
  /** Peers that each topic is exchanged with at once. */
  readonly mesh: Readonly<Record<Topic, number>>;
  /** Whether peers reach the addresses that are announced. */
  readonly announced: readonly AddressReport[];
  readonly gossip: GossipStats;
  readonly blobs: BlobServerStats;
}

/** A node on the network. */
export interface Network {
  readonly gossip: NetworkGossip;
  /** Blobs that peers have. */
  readonly blobs: BlobSource;
  readonly peerId: string;
  /** Multiaddrs by which others reach this node, with its peer id. */
  readonly addresses: readonly string[];
  /** Connects to a node. @throws what libp2p says */
  dial(address: string, signal?: AbortSignal): Promise<void>;
  peers(): Promise<readonly PeerStatus[]>;
  status(): NetworkStatus;
  /** Has peers try the addresses that are announced. @throws the signal's reason */
  testAnnounced(signal?: AbortSignal): Promise<readonly AddressReport[]>;
  /** Leaves the network. Settles when nothing of it runs any more. */
  close(): Promise<void>;
}

/**
 * Takes part in a rollup's network.
 * @throws {ListenError} if it cannot listen where it is to
 */
export async function joinNetwork(options: JoinNetworkOptions): Promise<Network> {
  const { log = NO_LOG } = options;
  const offences = new Offences();
  const gate = new DialGate();
  const node = await createNode(options, offences, gate);
  const { pubsub } = node.services;
  const ownChecker = options.checker === undefined ? new ThreadedChecker(options.route.domain) : undefined;
  const gossip = new Libp2pGossip(options, {
    pubsub,
    checker: options.checker ?? ownChecker!,
    offences,
    log: options.log ?? NO_LOG,
  });
  const server = new BlobServer(node, options.blobs);
  const dialBack = new DialBackServer(node);
  await Promise.all([server.open(), dialBack.open()]);
  const announcement = new Announcement(node, options.announce ?? [], log);
  const peering = new Peering(node, options.bootstrap ?? []);
  const addresses = (): string[] => node.getMultiaddrs().map(String);
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await gossip.close();
    await announcement.close();
    await peering.close();
    await Promise.all([server.close(), dialBack.close()]);
    await node.stop();
    await ownChecker?.close();
  };
  return {
    gossip,
    blobs: new PeerBlobs(node),
    peerId: node.peerId.toString(),
    get addresses() {
      return addresses();
    },
    async dial(address, signal) {
      const named = multiaddr(address);
      gate.allow([named]);
      await node.dial(named, signal && { signal });
    },
    peers: () => peersOf(node),
    status: () => ({
      peerId: node.peerId.toString(),
      addresses: addresses(),
      peers: node.getPeers().length,
      mesh: Object.fromEntries(
        TOPICS.map((topic) => [topic, pubsub.mesh.get(topicName(options.route, topic))?.size ?? 0]),
      ) as Record<Topic, number>,
      announced: announcement.reports,
      gossip: gossip.stats(),
      blobs: server.stats(),
    }),
    testAnnounced: (signal) => announcement.test(signal),
    close: () => (closing ??= close()),
  };
}

async function peersOf(node: Node): Promise<PeerStatus[]> {
  return Promise.all(
    node.getPeers().map(async (peer) => {
      const connections = node.getConnections(peer);
      const known = await node.peerStore.get(peer).catch(() => undefined);
      const agent = known?.metadata.get("AgentVersion");
      return {
        id: peer.toString(),
        addresses: connections.map(({ remoteAddr }) => remoteAddr.toString()),
        direction: connections[0]?.direction ?? "inbound",
        agent: agent && new TextDecoder().decode(agent),
        score: node.services.pubsub.getScore(peer.toString()),
      };
    }),
  );
}
