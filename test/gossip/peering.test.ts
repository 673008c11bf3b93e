import { expect } from "chai";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { generateKeyPair } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { createNode } from "../../src/gossip/libp2p/node.ts";
import { Peering } from "../../src/gossip/libp2p/peering.ts";
import { freePort } from "../support/testNode.ts";
import { until } from "../support/until.ts";
import { route, viewOf } from "./fixture.ts";
import { startNode, stopNodes } from "./libp2pSwarm.ts";

describe("peering", () => {
  afterEach(stopNodes);

  it("comes back to the nodes that it begins with, however many it was told of that never answer", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const node = await createNode({
      ...{ name: "lonely", route, view: () => viewOf(false), discovery: false, blobs: new MemoryBlobs() },
      ...{ listen: ["/ip4/127.0.0.1/tcp/0"], key: new NetworkKey(getBytes(id("lonely"))) },
    });
    const listen = `/ip4/127.0.0.1/tcp/${await freePort()}`;
    const peering = new Peering(node, [listen], { intervalMs: 100, dialMs: 200, lookMs: 100 });
    try {
      for (let i = 0; i < 200; i++) {
        const detail = {
          id: peerIdFromPrivateKey(await generateKeyPair("Ed25519")),
          multiaddrs: [multiaddr(`/ip4/127.0.0.1/tcp/${port}`)],
        };
        node.dispatchEvent(new CustomEvent("peer:discovery", { detail }));
      }
      await until("it dials those that do not answer", () => sockets.length >= 4);
      const first = await startNode("first", { listen: [listen] });
      await until("it finds the first one", () => node.getPeers().length === 1);
      expect(node.getPeers().map(String)).to.deep.equal([first.peerId]);
    } finally {
      await peering.close();
      await node.stop();
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  });
});
