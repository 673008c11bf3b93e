import { expect } from "chai";
import type { PeerId, Stream } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { BLOB_BYTES, encodeBlob } from "../../src/blobs/blob.ts";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { Kzg, versionedHashOf } from "../../src/blobs/kzg.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { ABSENT, BLOB_PROTOCOL } from "../../src/gossip/libp2p/blobProtocol.ts";
import { askDialBack, DIAL_BACK_PROTOCOL, dialBackTarget } from "../../src/gossip/libp2p/dialBack.ts";
import { createNode, type Node } from "../../src/gossip/libp2p/node.ts";
import { PeerBlobs } from "../../src/gossip/libp2p/peerBlobs.ts";
import { readAll, sendAll } from "../../src/gossip/libp2p/streams.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { route, viewOf } from "./fixture.ts";
import { startNode, stopNodes } from "./libp2pSwarm.ts";

/** What a DHT asks of another one. */
interface DhtMessage {
  readonly type: "ADD_PROVIDER" | "GET_PROVIDERS";
  readonly key: Uint8Array;
  readonly providers?: readonly { readonly id: Uint8Array; readonly multiaddrs: readonly Uint8Array[] }[];
}

/** The inside of kad-dht, for who does not keep to what its interface offers. */
interface Dht {
  readonly network: {
    sendMessage(to: PeerId, message: DhtMessage): AsyncIterable<unknown>;
    sendRequest(to: PeerId, message: DhtMessage): AsyncIterable<{ readonly providers?: readonly unknown[] }>;
  };
}

const raw: Node[] = [];

/** A node that does as a test likes. */
async function startRaw(name: string): Promise<Node> {
  const node = await createNode({
    ...{ name, route, view: () => viewOf(false), blobs: new MemoryBlobs() },
    ...{ listen: ["/ip4/127.0.0.1/tcp/0"], key: new NetworkKey(getBytes(id(name))) },
  });
  raw.push(node);
  return node;
}

describe("peers that abuse what a node offers", () => {
  afterEach(async () => {
    for (const node of raw.splice(0)) await node.stop();
    await stopNodes();
  });

  it("do not keep others from blobs by asking for none", async () => {
    const coefficients = [1n, 2n, 3n];
    const versionedHash = versionedHashOf((await Kzg.load()).commit(coefficients));
    const blobs = new MemoryBlobs();
    await blobs.put(versionedHash, encodeBlob(coefficients));
    const server = await startNode("server", { blobs });
    for (const name of ["slow", "slower"]) {
      const node = await startRaw(name);
      const connection = await node.dial(multiaddr(server.addresses[0]));
      for (let i = 0; i < 8; i++) await connection.newStream(BLOB_PROTOCOL);
    }
    const asking = await startNode("asking");
    await asking.dial(server.addresses[0]!);
    await asking.blobs.get({ versionedHash, notBefore: 0n, notAfter: 0n });
    expect(server.status().blobs).to.deep.equal({ served: 1, absent: 0, refused: 0 });
  });

  it("are asked last for blobs when they have not answered", async () => {
    const versionedHash = versionedHashOf((await Kzg.load()).commit([1n]));
    const blobs = new MemoryBlobs();
    await blobs.put(versionedHash, encodeBlob([1n]));
    const [asking, silent] = [await startRaw("asking"), await startRaw("silent")];
    let asked = 0;
    await silent.handle(BLOB_PROTOCOL, () => {
      asked++;
    });
    await asking.dial(silent.getMultiaddrs());
    const source = new PeerBlobs(asking, 500);
    const name = { versionedHash, notBefore: 0n, notAfter: 0n };
    await expectRejection(source.get(name), BlobUnavailableError, "peer");
    const server = await startNode("server", { blobs });
    await asking.dial(multiaddr(server.addresses[0]));
    for (let i = 0; i < 4; i++) await source.get(name);
    expect(asked).to.equal(1);
  });

  it("do not keep a node waiting by an answer that comes before the question, or by closing at once", async () => {
    const versionedHash = versionedHashOf((await Kzg.load()).commit([1n]));
    const name = { versionedHash, notBefore: 0n, notAfter: 0n };
    const blobs = new MemoryBlobs();
    await blobs.put(versionedHash, encodeBlob([1n]));
    const server = await startNode("server", { blobs });
    const [asking, hasty, gone] = [await startRaw("asking"), await startRaw("hasty"), await startRaw("gone")];
    const signal = AbortSignal.timeout(60_000);
    await hasty.handle(BLOB_PROTOCOL, (stream: Stream) => void sendAll(stream, Uint8Array.of(ABSENT), signal));
    await gone.handle(BLOB_PROTOCOL, (stream: Stream) => stream.abort(new Error("no")));
    const source = new PeerBlobs(asking, 2_000);
    for (const peer of [hasty, gone]) {
      await asking.dial(peer.getMultiaddrs());
      await expectRejection(source.get(name, AbortSignal.timeout(5_000)), BlobUnavailableError, "peer");
    }
    await asking.dial(multiaddr(server.addresses[0]));
    for (let i = 0; i < 4; i++)
      expect((await source.get(name, AbortSignal.timeout(5_000))).length).to.equal(BLOB_BYTES);
  });

  it("have nothing kept for them by the DHT", async () => {
    const [asked, sender] = [await startRaw("asked"), await startRaw("sender")];
    await sender.dial(asked.getMultiaddrs());
    const { network } = sender.services.dht as Dht;
    // A CID of version 1, raw, of a SHA-256.
    const key = Uint8Array.from([1, 0x55, 0x12, 32, ...getBytes(id("anything"))]);
    const provider = {
      id: sender.peerId.toMultihash().bytes,
      multiaddrs: sender.getMultiaddrs().map((address) => address.bytes),
    };
    for await (const _ of network.sendMessage(asked.peerId, { type: "ADD_PROVIDER", key, providers: [provider] }));
    const found: unknown[] = [];
    let answers = 0;
    for await (const event of network.sendRequest(asked.peerId, { type: "GET_PROVIDERS", key })) {
      if (event.providers === undefined) continue;
      answers++;
      found.push(...event.providers);
    }
    expect([answers, found]).to.deep.equal([1, []]);
  });

  it("have their words about its address shown as words", async () => {
    const [asking, witness] = [await startRaw("asking"), await startRaw("witness")];
    await witness.handle(DIAL_BACK_PROTOCOL, (stream: Stream) => {
      void sendAll(stream, new TextEncoder().encode("gone\nok  l1: all is well\u001b[2J"), AbortSignal.timeout(5_000));
    });
    await asking.dial(witness.getMultiaddrs());
    const problem = await askDialBack(asking, witness.peerId, "/ip4/127.0.0.1/tcp/1", AbortSignal.timeout(5_000));
    expect(problem).to.equal(String.raw`gone\u000aok  l1: all is well\u001b[2J`);
  });

  it("say nothing about its address by leaving without an answer", async () => {
    const [asking, witness] = [await startRaw("asking"), await startRaw("witness")];
    await asking.dial(witness.getMultiaddrs());
    const ask = (): Promise<string | undefined> =>
      askDialBack(asking, witness.peerId, "/ip4/127.0.0.1/tcp/1", AbortSignal.timeout(5_000));
    for (const isAsked of [false, true]) {
      await witness.handle(DIAL_BACK_PROTOCOL, async (stream: Stream) => {
        if (isAsked) await readAll(stream, 256, AbortSignal.timeout(5_000));
        stream.abort(new Error("no"));
      });
      const failure = await ask().then(String, (error: Error) => error);
      expect(failure, isAsked ? "after the question" : "at once").to.be.instanceOf(Error);
      await witness.unhandle(DIAL_BACK_PROTOCOL);
    }
  });

  it("have it dial the address that was compared, and no name", () => {
    const at = (address: string): string | undefined =>
      dialBackTarget(multiaddr(address), "203.0.113.7", peer)?.toString();
    const peer = "12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5";
    const other = "12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X";
    const target = `/ip4/203.0.113.7/tcp/22/p2p/${peer}`;
    expect(at("/dns4/moves.example/tcp/22")).to.equal(target);
    expect(at(`/ip4/203.0.113.7/tcp/22/p2p/${other}`)).to.equal(target);
    expect(at("/ip4/203.0.113.7/udp/22")).to.equal(undefined);
    expect(at(`/ip4/203.0.113.7/tcp/22/p2p/${other}/p2p-circuit`)).to.equal(undefined);
  });
});
