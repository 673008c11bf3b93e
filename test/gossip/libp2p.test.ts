import { expect } from "chai";
import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import { encodeBlob } from "../../src/blobs/blob.ts";
import { Kzg, versionedHashOf } from "../../src/blobs/kzg.ts";
import { NetworkKey, type Received } from "../../src/gossip/index.ts";
import { Frames } from "../../src/gossip/libp2p/frame.ts";
import { createNode, topicName } from "../../src/gossip/libp2p/node.ts";
import { ListenError } from "../../src/gossip/libp2p/index.ts";
import { logTo } from "../../src/log/index.ts";
import { freePort } from "../support/testNode.ts";
import { until } from "../support/until.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { describeGossip, voteBytes } from "./describeGossip.ts";
import { route, viewOf } from "./fixture.ts";
import { startLine, startNode, stopNodes } from "./libp2pSwarm.ts";

describe("libp2p", () => {
  afterEach(stopNodes);

  describeGossip("libp2p", async (peers) => {
    const networks = await startLine(
      peers.map(({ name }) => name),
      (name) => peers.find((peer) => peer.name === name)!,
    );
    return networks.map(({ gossip }) => gossip);
  });

  it("takes a packet of many messages, as a peer sends that was asked for what it has", async () => {
    const options = {
      ...{ name: "sender", route, view: () => viewOf(false), discovery: false, blobs: new MemoryBlobs() },
      ...{ listen: ["/ip4/127.0.0.1/tcp/0"], key: new NetworkKey(getBytes(id("sender"))) },
    };
    const sender = await createNode(options);
    const receiver = await startNode("receiver");
    const heard = receiver.gossip.subscribe("votes");
    try {
      await sender.dial(multiaddr(receiver.addresses[0]));
      const { pubsub } = sender.services;
      await until("the receiver listens", () => pubsub.getSubscribers(topicName(route, "votes")).length > 0);
      const topic = topicName(route, "votes");
      const frames = new Frames();
      const good = await voteBytes();
      const messages = Array.from({ length: 500 }, () => ({ topic, data: frames.next(good) }));
      (pubsub as unknown as { sendRpc(id: string, rpc: object): boolean }).sendRpc(receiver.peerId, {
        ...{ subscriptions: [], messages },
      });
      await heard.next();
      // The stream is still good.
      await until("all have come", () => receiver.status().gossip.arrived.votes >= 256);
      await pubsub.publish(topic, frames.next(await voteBytes(2n)));
      expect(((await heard.next()).value as Received<"votes">).message.minBurnBid).to.equal(2n);
    } finally {
      await sender.stop();
    }
  });

  it("names the port that is taken, and the setting", async () => {
    const first = await startNode("a");
    const taken = first.addresses[0]!.replace(/\/p2p\/.*/, "");
    await expectRejection(startNode("b", { listen: [taken] }), ListenError, `${taken}: another program has the port`);
  });
});

describe("announced addresses", () => {
  afterEach(stopNodes);

  const pair = async (announce: (port: number) => string) => {
    const port = await freePort();
    const lines: string[] = [];
    const log = logTo(({ code, message }) => lines.push(`${code}: ${message}`));
    const listen = [`/ip4/127.0.0.1/tcp/${port}`];
    const first = await startNode("a", { listen, announce: [announce(port)], log });
    const second = await startNode("b");
    await first.dial(second.addresses[0]!);
    return { first, second, lines };
  };

  it("are tested by peers, which dial back", async () => {
    const { first, lines } = await pair((port) => `/ip4/127.0.0.1/tcp/${port}`);
    await until("it is reached", () => first.status().announced[0]!.state === "reachable");
    expect(lines.join()).to.contain("announce-reachable");
  });

  it("that nobody listens on are named", async () => {
    const free = await freePort();
    const { first, lines } = await pair(() => `/ip4/127.0.0.1/tcp/${free}`);
    await until("it is tested", () => first.status().announced[0]!.state === "unreachable");
    expect(lines.join()).to.contain(
      `announce-unreachable: peers do not reach this node at the announced address /ip4/127.0.0.1/tcp/${free}: ` +
        "nobody listens there",
    );
  });

  it("of another machine are named, with what peers see", async () => {
    const { first } = await pair((port) => `/ip4/192.0.2.1/tcp/${port}`);
    const [report] = await first.testAnnounced();
    expect(report).to.deep.include({
      state: "unreachable",
      problem: "it is 192.0.2.1, while peers see this node at 127.0.0.1",
    });
  });

  it("at which another node answers are named", async () => {
    const other = await startNode("c");
    const { first } = await pair(() => other.addresses[0]!.replace(/\/p2p\/.*/, ""));
    expect((await first.testAnnounced())[0]!.problem).to.equal("another node answers there");
  });
});

describe("blobs of peers", () => {
  const coefficients = [1n, 2n, 3n];
  const blob = encodeBlob(coefficients);
  const nameOf = (versionedHash: string) => ({ versionedHash, notBefore: 0n, notAfter: 0n });
  let hash: string;

  before(async () => {
    hash = versionedHashOf((await Kzg.load()).commit(coefficients));
  });
  afterEach(stopNodes);

  it("come from whoever has them", async () => {
    const blobs = new MemoryBlobs();
    await blobs.put(hash, blob);
    const [, , asking] = await startLine(["a", "b", "c"], (name) => (name === "b" ? { blobs } : {}));
    expect(Buffer.from(await asking!.blobs.get(nameOf(hash))).equals(blob)).to.equal(true);
    await asking!.blobs.check();
  });

  it("are refused if they are other ones, and the peer is asked no more", async () => {
    const blobs = new MemoryBlobs();
    await blobs.put(hash, encodeBlob([1n, 2n, 4n]));
    const [asking] = await startLine(["a", "b"], () => ({ blobs }));
    await expectRejection(asking!.blobs.get(nameOf(hash)), BlobUnavailableError, "gives another blob");
    await expectRejection(asking!.blobs.get(nameOf(hash)), BlobUnavailableError, "no peers");
  });

  it("are not to be had where nobody has them", async () => {
    const [asking] = await startLine(["a", "b"]);
    await expectRejection(asking!.blobs.get(nameOf(hash)), BlobUnavailableError, "that it does not have it");
  });

  it("are given to one peer so often and no more", async () => {
    const blobs = new MemoryBlobs();
    await blobs.put(hash, blob);
    const [, asking] = await startLine(["a", "b"], (name) => (name === "a" ? { blobs } : {}));
    const ask = async () => {
      for (let i = 0; i < 60; i++) await asking!.blobs.get(nameOf(hash));
    };
    await expectRejection(ask(), BlobUnavailableError, "that it is busy");
  });
});
