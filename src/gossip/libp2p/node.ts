import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import {
  gossipsub,
  type GossipSub,
  type GossipSubComponents,
  StrictNoSign,
  type TopicValidatorResult,
} from "@libp2p/gossipsub";
import { identify, type Identify } from "@libp2p/identify";
import type { Libp2p, ServiceMap } from "@libp2p/interface";
import { kadDHT } from "@libp2p/kad-dht";
import { mdns } from "@libp2p/mdns";
import { noise } from "@libp2p/noise";
import { ping, type Ping } from "@libp2p/ping";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { id } from "ethers";
import { createLibp2p } from "libp2p";
import type { GossipRoute } from "../certificate.ts";
import { MAX_BYTES } from "../limits.ts";
import { type Topic, TOPICS } from "../topics.ts";
import { DialGate } from "./dialGate.ts";
import { listenError } from "./errors.ts";
import { frameId } from "./frame.ts";
import { dropLateStreams } from "./lateStreams.ts";
import { withoutStore } from "./noStore.ts";
import { Offences } from "./offences.ts";
import type { JoinNetworkOptions } from "./options.ts";
import { PeerStoreData } from "./peerStore.ts";
import { type Surroundings, toldToOthers } from "./privateAddresses.ts";
import { SCORE_THRESHOLDS, scoreParams } from "./scores.ts";

/** gossipsub as it is: reports of verdicts and scores are not in its interface. */
export interface Pubsub extends GossipSub {
  readonly mesh: ReadonlyMap<string, ReadonlySet<string>>;
  reportMessageValidationResult(messageId: string, from: string, result: TopicValidatorResult): void;
  getScore(peer: string): number;
}

export interface NodeServices extends ServiceMap {
  readonly identify: Identify;
  readonly ping: Ping;
  readonly pubsub: Pubsub;
}

export type Node = Libp2p<NodeServices>;

/** Peers that a node talks to at most. */
export const MAX_PEERS = 128;

/** How long a peer may take to answer a ping, ms at least: it may be busy proving. */
const PING_MS = 15_000;

/** Messages that a peer may ask for, or send, in one packet. */
const MAX_PACKET_MESSAGES = 1_024;

/** The longest packet that is read: so many of the longest messages. A longer one ends its stream. */
const MAX_PACKET_BYTES = MAX_PACKET_MESSAGES * (64 + Math.max(...Object.values(MAX_BYTES)));

/** Of the hash of its name, what mDNS knows a network by. */
const TAG_BYTES = 16;

/** What a rollup's network is called: another rollup's nodes find no common protocol. */
export const networkName = ({ domain }: GossipRoute): string => `b52/${domain.toString(16)}`;

/**
 * What mDNS calls a rollup's network: a label of the DNS has no more than 63 bytes, which the domain alone would fill.
 * Of those found, another rollup's nodes have no protocol in common with this one.
 */
export const serviceTag = (route: GossipRoute): string =>
  `_b52-${id(networkName(route)).slice(2, 2 + 2 * TAG_BYTES)}._udp.local`;

export const topicName = (route: GossipRoute, topic: Topic): string => `${networkName(route)}/${topic}/1`;

/**
 * A libp2p node with TCP, noise and yamux.
 * @param offences weigh on the scores of its peers
 * @param gate says whom it dials; `bootstrap` among them
 * @throws {ListenError} if it cannot listen where it is to
 */
export async function createNode(
  options: JoinNetworkOptions,
  offences = new Offences(),
  gate = new DialGate(),
): Promise<Node> {
  const { key, listen, announce = [], route, isLocal = isLoopback(listen) } = options;
  const topics = TOPICS.map((topic) => topicName(route, topic));
  gate.allow((options.bootstrap ?? []).map((address) => multiaddr(address)));
  const node: Node = await createLibp2p<NodeServices>({
    datastore: new PeerStoreData(() => [node.peerId, ...node.getPeers()]),
    privateKey: await generateKeyPairFromSeed("Ed25519", key.revealSeed()),
    addresses: { listen: [...listen], announce: [...announce] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    peerDiscovery: options.mdns ? [localPeers(route, gate)] : [],
    connectionGater: { denyDialMultiaddr: (address) => gate.denies(address, surroundingsOf(node)) },
    connectionMonitor: { protocolPrefix: "b52", pingTimeout: { minTimeout: PING_MS } },
    connectionManager: {
      maxConnections: MAX_PEERS,
      inboundConnectionThreshold: isLocal ? 1_000 : 5,
      maxIncomingPendingConnections: isLocal ? 100 : 10,
    },
    start: false,
    services: {
      identify: identify({ protocolPrefix: "b52" }),
      ping: ping({ protocolPrefix: "b52" }),
      ...(options.discovery !== false && {
        dht: (components: Parameters<ReturnType<typeof kadDHT>>[0]) =>
          kadDHT({
            protocol: `/${networkName(route)}/kad/1`,
            clientMode: false,
            peerInfoMapper: toldToOthers(components),
          })(withoutStore(components)),
      }),
      pubsub: gossipsub({
        globalSignaturePolicy: StrictNoSign,
        msgIdFn: ({ data }) => frameId(data),
        asyncValidation: true,
        allowedTopics: topics,
        allowPublishToZeroTopicPeers: true,
        fallbackToFloodsub: false,
        floodPublish: true,
        doPX: false,
        maxInboundDataLength: MAX_PACKET_BYTES,
        decodeRpcLimits: {
          ...{ maxMessages: MAX_PACKET_MESSAGES, maxIwantMessageIDs: MAX_PACKET_MESSAGES },
          // As gossipsub has them by itself.
          ...{ maxSubscriptions: 5_000, maxIhaveMessageIDs: 5_000, maxControlMessages: 5_000 },
          ...{ maxIdontwantMessageIDs: 512, maxPeerInfos: 16 },
        },
        // In heartbeats of a second. A verdict that takes longer comes too late for the message to be passed on.
        mcacheLength: 60,
        mcacheGossip: 3,
        scoreParams: scoreParams(topics, isLocal, offences),
        scoreThresholds: SCORE_THRESHOLDS,
      }) as (components: GossipSubComponents) => Pubsub,
    },
  });
  dropLateStreams(node.services.pubsub);
  try {
    await node.start();
  } catch (error) {
    await node.stop();
    throw listenError(listen, error);
  }
  for (const topic of topics) node.services.pubsub.subscribe(topic);
  return node;
}

/** Peers that the local network names: their private addresses are meant. */
function localPeers(route: GossipRoute, gate: DialGate): ReturnType<typeof mdns> {
  const discover = mdns({ serviceTag: serviceTag(route) });
  return (components) => {
    const discovery = discover(components);
    discovery.addEventListener("peer", ({ detail }) => gate.allow(detail.multiaddrs));
    return discovery;
  };
}

const surroundingsOf = (node: Node): Surroundings => ({
  addressManager: { getAddresses: () => node.getMultiaddrs() },
  connectionManager: { getConnections: () => node.getConnections() },
});

/** Whether all of the addresses are this machine's alone. */
function isLoopback(listen: readonly string[]): boolean {
  return listen.every((address) => /^\/(ip4\/127\.|ip6\/::1\/)/.test(address));
}
