import { expect } from "chai";
import { generateKeyPair } from "@libp2p/crypto/keys";
import type { PeerId } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { createNode, type Node } from "../../src/gossip/libp2p/node.ts";
import { MAX_KNOWN_PEERS, PeerStoreData } from "../../src/gossip/libp2p/peerStore.ts";
import { until } from "../support/until.ts";
import { route, viewOf } from "./fixture.ts";

type Key = Parameters<PeerStoreData["put"]>[0];

/** As much of libp2p's key as is looked at. */
class TestKey {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  uint8Array(): Uint8Array {
    return this.#bytes;
  }

  toString(): string {
    return new TextDecoder().decode(this.#bytes);
  }
}

const nodes: Node[] = [];

async function start(name: string): Promise<Node> {
  const node = await createNode({
    ...{ name, route, view: () => viewOf(false), blobs: new MemoryBlobs(), discovery: false },
    ...{ listen: ["/ip4/127.0.0.1/tcp/0"], key: new NetworkKey(getBytes(id(`peer store ${name}`))) },
  });
  nodes.push(node);
  return node;
}

const somebody = async (): Promise<PeerId> => peerIdFromPrivateKey(await generateKeyPair("Ed25519"));

describe("what a node knows of peers", () => {
  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
  });

  it("is bounded, however many are named, and of who is connected it stays", async () => {
    const [node, other] = [await start("node"), await start("other")];
    await node.dial(other.getMultiaddrs());
    await until("it knows the other", async () => (await node.peerStore.get(other.peerId)).protocols.length > 0);
    const first = await somebody();
    const named = { multiaddrs: [multiaddr("/ip4/203.0.113.7/tcp/1")] };
    await node.peerStore.merge(first, named);
    let last = first;
    for (let i = 0; i < MAX_KNOWN_PEERS + 300; i++) await node.peerStore.merge((last = await somebody()), named);
    const known = await node.peerStore.all();
    expect(known.length).to.be.within(MAX_KNOWN_PEERS - 1, MAX_KNOWN_PEERS + 200);
    expect(await node.peerStore.has(first), "the first that was named").to.equal(false);
    expect(await node.peerStore.has(last), "the last that was named").to.equal(true);
    expect((await node.peerStore.get(other.peerId)).protocols).to.not.deep.equal([]);
    // libp2p tells those that wait for it by what it knows of the peer.
    await other.stop();
    await until("gossipsub notices that the other has gone", () => node.services.pubsub.getPeers().length === 0);
  });

  it("does not hold on to the piece of memory that it came in", () => {
    const data = new PeerStoreData(() => []);
    const piece = new Uint8Array(65_536);
    const name = new TextEncoder().encode("/peers/one");
    piece.set(name);
    const key = new TestKey(piece.subarray(0, name.length)) as unknown as Key;
    data.put(key, piece.subarray(10, 20));
    const [pair] = data.query({});
    expect([pair!.key.toString(), pair!.value.length]).to.deep.equal(["/peers/one", 10]);
    expect([pair!.key.uint8Array().buffer.byteLength, pair!.value.buffer.byteLength]).to.deep.equal([10, 10]);
  });

  it("is found as libp2p asks for it", async () => {
    const data = new PeerStoreData(() => [], 2);
    const keyOf = (name: string) => new TestKey(new TextEncoder().encode(name)) as unknown as Key;
    const names = ["/peers/b", "/other", "/peers/a", "/peers/c"];
    for (const [i, name] of names.entries()) data.put(keyOf(name), Uint8Array.of(i));
    const order = (a: { toString(): string }, b: { toString(): string }): -1 | 1 =>
      a.toString() < b.toString() ? -1 : 1;
    expect([...data.queryKeys({ prefix: "/peers/", orders: [order] })].map(String)).to.deep.equal([
      ...["/peers/a", "/peers/b", "/peers/c"],
    ]);
    const filters = [({ value }: { value: Uint8Array }) => value[0] !== 2];
    expect([...data.query({ filters, offset: 1, limit: 1 })].map(({ value }) => value[0])).to.deep.equal([1]);
    const batch = data.batch();
    batch.put(keyOf("/peers/d"), Uint8Array.of(9));
    batch.delete(keyOf("/other"));
    expect([data.has(keyOf("/peers/d")), data.has(keyOf("/other"))]).to.deep.equal([false, true]);
    await batch.commit();
    expect([data.has(keyOf("/peers/d")), data.has(keyOf("/other"))]).to.deep.equal([true, false]);
    expect(() => data.get(keyOf("/other")))
      .to.throw("nothing is known of /other")
      .with.property("name", "NotFoundError");
  });
});

describe("a stream that gossipsub opens while the connection closes", () => {
  interface Streams {
    readonly peers: Map<string, PeerId>;
    readonly streamsOutbound: ReadonlyMap<string, { readonly rawStream: { readonly status: string } }>;
    createOutboundStream(peer: PeerId, connection: object): Promise<void>;
  }

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
  });

  it("is dropped, and one that is opened for good stays", async () => {
    const [node, other] = [await start("node"), await start("other")];
    const connection = await node.dial(other.getMultiaddrs());
    const pubsub = node.services.pubsub as unknown as Streams;
    const peer = other.peerId.toString();
    const open = (): Streams["streamsOutbound"] extends ReadonlyMap<string, infer S> ? S | undefined : never =>
      pubsub.streamsOutbound.get(peer);
    await until("gossipsub has a stream", () => open() !== undefined);
    const kept = open();
    await pubsub.createOutboundStream(other.peerId, connection);
    expect(open()).to.equal(kept);
    // As when the connection closes while the stream is negotiated: gossipsub has cleaned up before it is there.
    (pubsub.streamsOutbound as Map<string, unknown>).delete(peer);
    let opened: { readonly status: string } | undefined;
    const closing = {
      status: "open",
      newStream: async (protocols: string[]) => {
        opened = await connection.newStream(protocols);
        closing.status = "closing";
        return opened;
      },
    };
    await pubsub.createOutboundStream(other.peerId, closing);
    expect(open()).to.equal(undefined);
    expect(opened!.status).to.equal("aborted");
  });
});
