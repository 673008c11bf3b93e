import { expect } from "chai";
import { generateKeyPair } from "@libp2p/crypto/keys";
import type { PeerId } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { createNode, type Node } from "../../src/gossip/libp2p/node.ts";
import { isPrivate, toldToOthers } from "../../src/gossip/libp2p/privateAddresses.ts";
import { freePort } from "../support/testNode.ts";
import { until } from "../support/until.ts";
import { route, viewOf } from "./fixture.ts";

const PRIVATE = [
  ...["/ip4/127.0.0.1/tcp/1", "/ip4/10.1.2.3/tcp/1", "/ip4/172.31.0.1/tcp/1", "/ip4/192.168.7.7/tcp/1"],
  ...["/ip4/169.254.0.1/tcp/1", "/ip4/100.64.0.1/tcp/1", "/ip4/0.0.0.0/tcp/1", "/dns4/localhost/tcp/1"],
  ...["/ip6/::1/tcp/1", "/ip6/fe80::1/tcp/1", "/ip6zone/eth0/ip6/fe80::1/tcp/1", "/ip6/fd00::1/tcp/1"],
  ...["/ip6/::ffff:a00:1/tcp/1"],
];
const PUBLIC = [
  ...["/ip4/172.32.0.1/tcp/1", "/ip4/100.128.0.1/tcp/1", "/ip4/11.0.0.1/tcp/1", "/ip4/192.169.0.1/tcp/1"],
  ...["/ip6/2001:db8::1/tcp/1", "/ip6/::ffff:808:808/tcp/1", "/dns4/node.example/tcp/1"],
];

describe("private addresses", () => {
  it("are told from public ones", () => {
    for (const address of PRIVATE) expect(isPrivate(multiaddr(address)), address).to.equal(true);
    for (const address of PUBLIC) expect(isPrivate(multiaddr(address)), address).to.equal(false);
  });

  describe("of peers", () => {
    const addresses = (texts: readonly string[]) => texts.map((text) => multiaddr(text));
    /** What somebody is told of a peer with all kinds of addresses. */
    const told = async (own: readonly string[], remote: readonly string[]): Promise<string[]> => {
      const peer = { id: peerIdFromPrivateKey(await generateKeyPair("Ed25519")) };
      const tell = toldToOthers({
        addressManager: { getAddresses: () => addresses(own) },
        connectionManager: { getConnections: () => addresses(remote).map((remoteAddr) => ({ remoteAddr })) },
      });
      const found = tell({ ...peer, multiaddrs: addresses([...PRIVATE, ...PUBLIC]) });
      expect(found.id).to.equal(peer.id);
      return found.multiaddrs.map(String);
    };
    const lan = "/ip4/192.168.0.2/tcp/1";

    it("are told by a node that has no public address and is connected to none", async () => {
      expect(await told([lan], ["/ip4/192.168.0.3/tcp/1"])).to.deep.equal([...PRIVATE, ...PUBLIC]);
      expect(await told([], [])).to.deep.equal([...PRIVATE, ...PUBLIC]);
    });

    it("are kept where the Internet is: at the node, or behind one of its connections", async () => {
      expect(await told([lan, "/ip4/203.0.113.7/tcp/1"], [])).to.deep.equal(PUBLIC);
      expect(await told([lan], [lan, "/ip4/203.0.113.7/tcp/1"])).to.deep.equal(PUBLIC);
    });
  });

  describe("in answers of a DHT over TCP", () => {
    const nodes: Node[] = [];
    afterEach(async () => {
      for (const node of nodes.splice(0)) await node.stop();
    });

    const start = async (
      name: string,
      announce: readonly string[] = [],
      listen = "/ip4/127.0.0.1/tcp/0",
      bootstrap: readonly string[] = [],
    ): Promise<Node> => {
      const node = await createNode({
        ...{ name, route, view: () => viewOf(false), blobs: new MemoryBlobs(), announce, bootstrap },
        ...{ listen: [listen], key: new NetworkKey(getBytes(id(`private ${name}`))) },
      });
      nodes.push(node);
      return node;
    };

    interface Dht {
      readonly network: {
        sendRequest(
          to: PeerId,
          message: { readonly type: "FIND_NODE"; readonly key: Uint8Array },
        ): AsyncIterable<{ readonly closer?: readonly { readonly id: PeerId; readonly multiaddrs: unknown[] }[] }>;
      };
    }

    /** Addresses of `peer` that `asked` tells `asking`. */
    const answer = async (asking: Node, asked: Node, peer: Node): Promise<string[]> => {
      const key = peer.peerId.toMultihash().bytes;
      const { network } = asking.services.dht as Dht;
      for await (const { closer } of network.sendRequest(asked.peerId, { type: "FIND_NODE", key })) {
        const found = closer?.find((each) => each.id.equals(peer.peerId));
        if (found !== undefined) return found.multiaddrs.map(String);
      }
      return [];
    };

    for (const [where, announce, expected] of [
      ["a private network", [], ["/ip4/10.0.0.9/tcp/9", "/ip4/203.0.113.9/tcp/9"]],
      ["the Internet", ["/ip4/203.0.113.7/tcp/7"], ["/ip4/203.0.113.9/tcp/9"]],
    ] as const) {
      it(`of a node on ${where}`, async () => {
        const listen = `/ip4/127.0.0.1/tcp/${await freePort()}`;
        const asked = await start("asked", announce, listen);
        const peer = await start("peer", ["/ip4/10.0.0.9/tcp/9", "/ip4/203.0.113.9/tcp/9"], undefined, [listen]);
        const asking = await start("asking");
        await peer.dial(multiaddr(listen));
        await asking.dial(multiaddr(listen));
        await until("the DHT knows the peer", async () => (await answer(asking, asked, peer)).length > 0);
        expect(await answer(asking, asked, peer)).to.have.members(expected);
      });
    }
  });
});
