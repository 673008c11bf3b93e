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
import { createLibp2p } from "libp2p";
import type { GossipRoute } from "../certificate.ts";
import { MAX_BYTES } from "../limits.ts";
import { type Topic, TOPICS } from "../topics.ts";
import { listenError } from "./errors.ts";
import { frameId } from "./frame.ts";
import type { JoinNetworkOptions } from "./options.ts";
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

/** The longest RPC that is read: some 60 of the longest messages. */
const MAX_FRAME_BYTES = 1 + Math.max(...Object.values(MAX_BYTES));

/** What a rollup's network is called: another rollup's nodes find no common protocol. */
export const networkName = ({ domain }: GossipRoute): string => `b52/${domain.toString(16)}`;

export const topicName = (route: GossipRoute, topic: Topic): string => `${networkName(route)}/${topic}/1`;

/**
 * A libp2p node with TCP, noise and yamux, not yet started.
 * @throws {ListenError} if it cannot listen where it is to
 */
export async function createNode(options: JoinNetworkOptions): Promise<Node> {
  const { key, listen, announce = [], route, isLocal = isLoopback(listen) } = options;
  const topics = TOPICS.map((topic) => topicName(route, topic));
  const node = await createLibp2p<NodeServices>({
    privateKey: await generateKeyPairFromSeed("Ed25519", key.revealSeed()),
    addresses: { listen: [...listen], announce: [...announce] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    peerDiscovery: options.mdns ? [mdns({ serviceTag: `_${networkName(route).replace("/", "-")}._udp.local` })] : [],
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
        dht: kadDHT({ protocol: `/${networkName(route)}/kad/1`, clientMode: false, peerInfoMapper: (peer) => peer }),
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
        maxInboundDataLength: MAX_FRAME_BYTES,
        // A verdict may take as long as a message is kept, see `PATIENCE_MS`.
        mcacheLength: 15,
        mcacheGossip: 3,
        scoreParams: scoreParams(topics, isLocal),
        scoreThresholds: SCORE_THRESHOLDS,
      }) as (components: GossipSubComponents) => Pubsub,
    },
  });
  try {
    await node.start();
  } catch (error) {
    await node.stop();
    throw listenError(listen, error);
  }
  for (const topic of topics) node.services.pubsub.subscribe(topic);
  return node;
}

/** Whether all of the addresses are this machine's alone. */
function isLoopback(listen: readonly string[]): boolean {
  return listen.every((address) => /^\/(ip4\/127\.|ip6\/::1\/)/.test(address));
}
