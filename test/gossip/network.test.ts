import { expect } from "chai";
import { getBytes, id } from "ethers";
import { NetworkKey, type Received } from "../../src/gossip/index.ts";
import { freePort } from "../support/testNode.ts";
import { until } from "../support/until.ts";
import { voteBytes } from "./describeGossip.ts";
import { identityOf, wallets } from "./fixture.ts";
import { startNode, stopNodes } from "./libp2pSwarm.ts";

describe("a network", () => {
  afterEach(stopNodes);

  it("is whole again when the node between two halves comes back", async () => {
    const listen = [`/ip4/127.0.0.1/tcp/${await freePort()}`];
    const between = await startNode("between", { listen });
    const [left, right] = await Promise.all(
      ["left", "right"].map((name) => startNode(name, { bootstrap: [...between.addresses] })),
    );
    const heard = right!.gossip.subscribe("votes");
    const reaches = (): boolean => [left!, right!].every(({ gossip }) => gossip.reaches("votes"));
    await until("both halves are connected", reaches);
    await between.close();
    await until("both halves are alone", () => [left!, right!].every((node) => node.status().peers === 0));
    // Its peers remember where it was.
    const again = await startNode("between", { listen });
    expect(again.peerId).to.equal(between.peerId);
    await until("both halves are connected again", reaches, 30_000);
    await until("the node between has both in its mesh", () => again.status().mesh.votes === 2);
    await left!.gossip.publish("votes", await voteBytes());
    expect(((await heard.next()).value as Received).sender).to.equal(wallets.prover.address);
  });

  it("tells its nodes of each other", async () => {
    const first = await startNode("first", { discovery: true });
    const others = await Promise.all(
      ["second", "third"].map((name) => startNode(name, { discovery: true, bootstrap: [...first.addresses] })),
    );
    await until(
      "the second and the third have found each other",
      async () => (await others[0]!.peers()).some(({ id: peer }) => peer === others[1]!.peerId),
      30_000,
    );
  });

  it("knows a node by the key that signs its messages", async () => {
    const { key } = await identityOf(wallets.prover);
    const [first, second] = await Promise.all([
      startNode("first", { key }),
      startNode("second", { key: new NetworkKey(getBytes(id("another"))) }),
    ]);
    await second.dial(first.addresses[0]!);
    const [peer] = await second.peers();
    expect(peer).to.deep.include({ id: first.peerId, direction: "outbound" });
    expect(peer!.score).to.be.at.least(0);
    expect(first.addresses[0]).to.match(new RegExp(`/p2p/${first.peerId}$`));
  });
});
