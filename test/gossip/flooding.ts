import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { setTimeout as sleep } from "node:timers/promises";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { type GossipRoute, type Identity, NetworkKey, sealEnvelope, type Topic } from "../../src/gossip/index.ts";
import { Frames } from "../../src/gossip/libp2p/frame.ts";
import { createNode, type Node, topicName } from "../../src/gossip/libp2p/node.ts";

const SLICE_MS = 20;

/** How long a forger stays under one name, ms: after three forgeries it is not listened to any more. */
const LIFE_MS = 1_500;

export type Forgery = readonly [Topic, Uint8Array];

export const sealed = (identity: Identity, topic: Topic, body: Uint8Array): Forgery => [
  topic,
  sealEnvelope(identity, topic, body),
];

/** With a signature that is not the network key's. */
export const unsigned = (identity: Identity, topic: Topic, body: Uint8Array): Forgery => {
  const [, bytes] = sealed(identity, topic, body);
  bytes[bytes.length - 1]! ^= 1;
  return [topic, bytes];
};

export interface Flood {
  /** Of the node that is to drown. */
  readonly address: string;
  readonly seconds: number;
  readonly perSecond: number;
  readonly route: GossipRoute;
  /** Take turns. Each gets the number of messages that were sent. */
  readonly forgeries: readonly ((i: number) => Forgery)[];
}

export interface FloodFigures {
  readonly sent: number;
  /** Names under which the forger has come. */
  readonly lives: number;
}

const hearNothing = (): never => {
  throw new Error("a forger was asked what it knows, expected it to send alone");
};

/** Sends a node what nobody should take, as fast as it is told to, under a new name whenever the old one is known. */
export async function flood({ address, seconds, perSecond, route, forgeries }: Flood): Promise<FloodFigures> {
  const enter = async (seed: string): Promise<Node> => {
    const node = await createNode({
      ...{ name: "forger", route, view: hearNothing, listen: ["/ip4/127.0.0.1/tcp/0"], discovery: false },
      ...{ blobs: new MemoryBlobs(), key: new NetworkKey(getBytes(id(`forger ${seed}`))) },
    });
    await node.dial(multiaddr(address));
    return node;
  };
  const frames = new Frames();
  const end = performance.now() + seconds * 1_000;
  let [sent, lives] = [0, 0];
  while (performance.now() < end) {
    const node = await enter(`${process.pid} ${lives++}`);
    const life = Math.min(end, performance.now() + LIFE_MS);
    let next = 0;
    while (performance.now() < life) {
      const slice = performance.now() + SLICE_MS;
      for (let i = 0; i < (perSecond * SLICE_MS) / 1_000; i++) {
        const [topic, bytes] = forgeries[next++ % forgeries.length]!(sent);
        await node.services.pubsub.publish(topicName(route, topic), frames.next(bytes)).catch(() => undefined);
        sent++;
      }
      await sleep(Math.max(0, slice - performance.now()));
    }
    await node.stop();
  }
  return { sent, lives };
}
