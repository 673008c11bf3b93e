import { expect } from "chai";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { DialGate } from "../../src/gossip/libp2p/dialGate.ts";
import { createNode, type Node } from "../../src/gossip/libp2p/node.ts";
import { until } from "../support/until.ts";
import { route, viewOf } from "./fixture.ts";

const PUBLIC = "/ip4/203.0.113.7/tcp/7";
const LAN = "/ip4/192.168.0.2/tcp/1";

const surroundings = (own: readonly string[], remote: readonly string[] = []) => ({
  addressManager: { getAddresses: () => own.map((address) => multiaddr(address)) },
  connectionManager: { getConnections: () => remote.map((address) => ({ remoteAddr: multiaddr(address) })) },
});

/** Names as they stand for addresses: of a machine here, of one elsewhere, and of both. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ["127.0.0.1"],
  "inside.example": ["10.0.0.1"],
  "outside.example": ["203.0.113.9", "2001:db8::9"],
  "both.example": ["203.0.113.9", "fd00::9"],
};
const gate = (): DialGate =>
  new DialGate((host) => (NAMES[host] ? Promise.resolve(NAMES[host]) : Promise.reject(new Error("ENOTFOUND"))));

describe("what a node dials", () => {
  const STRANGE = [
    ...["/ip4/10.0.0.1/tcp/22", "/ip4/127.0.0.1/tcp/8545", "/ip6/::1/tcp/1", "/ip4/169.254.169.254/tcp/80"],
    ...["/dns4/localhost/tcp/1", "/dns4/inside.example/tcp/1", "/dns/both.example/tcp/1"],
  ];
  const GOOD = ["/ip4/198.51.100.1/tcp/1", "/dns4/outside.example/tcp/1", "/dns6/nobody.example/tcp/1"];
  const denied = async (one: DialGate, where: ReturnType<typeof surroundings>): Promise<string[]> => {
    const all = [...STRANGE, ...GOOD];
    const answers = await Promise.all(all.map((address) => one.denies(multiaddr(address), where)));
    return all.filter((_, i) => answers[i]);
  };

  it("is, on a private network, whatever is named", async () => {
    expect(await denied(gate(), surroundings([LAN], ["/ip4/192.168.0.3/tcp/1"]))).to.deep.equal([]);
  });

  it("is, where the Internet is, no machine of its own network that a stranger names", async () => {
    expect(await denied(gate(), surroundings([LAN, PUBLIC]))).to.deep.equal(STRANGE);
    expect(await denied(gate(), surroundings([LAN], [PUBLIC]))).to.deep.equal(STRANGE);
  });

  it("is what its operator has named, with or without a peer, and hosts that it is connected to", async () => {
    const peer = peerIdFromPrivateKey(await generateKeyPair("Ed25519")).toString();
    const named = gate();
    named.allow([multiaddr("/ip4/10.0.0.1/tcp/22"), multiaddr(`/dns4/inside.example/tcp/1/p2p/${peer}`)]);
    const where = surroundings([PUBLIC], ["/ip4/169.254.169.254/tcp/4001", "/ip4/127.0.0.1/tcp/5"]);
    const left = STRANGE.filter((address) => !/10\.0\.0\.1|inside|169\.254/.test(address));
    // That a program of this machine is connected says nothing of all others on it.
    expect(left).to.include("/ip4/127.0.0.1/tcp/8545");
    expect(await denied(named, where)).to.deep.equal(left);
    expect(await named.denies(multiaddr(`/ip4/10.0.0.1/tcp/22/p2p/${peer}`), where)).to.equal(false);
    expect(await named.denies(multiaddr("/ip4/10.0.0.1/tcp/23"), where), "another port").to.equal(true);
  });

  describe("over TCP", () => {
    const nodes: Node[] = [];
    let server: Server;
    let knocks = 0;
    beforeEach(async () => {
      knocks = 0;
      server = createServer((socket) => {
        knocks++;
        socket.destroy();
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
    });
    afterEach(async () => {
      for (const node of nodes.splice(0)) await node.stop();
      server.close();
    });

    const start = async (name: string, announce: readonly string[], bootstrap: readonly string[] = []) => {
      const node = await createNode({
        ...{ name, route, view: () => viewOf(false), blobs: new MemoryBlobs(), announce, bootstrap },
        ...{ listen: ["/ip4/127.0.0.1/tcp/0"], key: new NetworkKey(getBytes(id(`dials ${name}`))) },
      });
      nodes.push(node);
      return node;
    };

    it("leaves a machine alone that a peer names as its own", async () => {
      const address = `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`;
      const stranger = peerIdFromPrivateKey(await generateKeyPair("Ed25519"));
      const knock = async (node: Node): Promise<unknown> => {
        await node.peerStore.merge(stranger, { multiaddrs: [multiaddr(address)] });
        return node.dial(stranger).then(
          () => undefined,
          ({ name }: Error) => name,
        );
      };
      expect(await knock(await start("on the Internet", [PUBLIC]))).to.equal("DialDeniedError");
      expect(knocks).to.equal(0);
      // Its operator has named it.
      expect(await knock(await start("told to", [PUBLIC], [address]))).to.not.equal("DialDeniedError");
      await until("one comes", () => knocks > 0);
    });
  });
});
