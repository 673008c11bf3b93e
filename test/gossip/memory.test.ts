import { expect } from "chai";
import {
  MemoryNetwork,
  type MemoryNetworkOptions,
  type Received,
  type Topic,
  type Verdict,
} from "../../src/gossip/index.ts";
import { describeGossip, voteBytes } from "./describeGossip.ts";
import { route, viewOf, vote, wallets } from "./fixture.ts";

/** Peers by name, and every verdict that they gave. */
function swarm(names: readonly string[], options: MemoryNetworkOptions = {}) {
  const network = new MemoryNetwork(options);
  const verdicts: string[] = [];
  const note = (name: string) => (verdict: Verdict) =>
    verdicts.push(`${name} ${verdict.verdict}${verdict.verdict === "ACCEPT" ? "" : ` ${verdict.reason}`}`);
  const peers = names.map((name) => network.join({ name, route, view: () => viewOf(false), onVerdict: note(name) }));
  return { network, verdicts, peers };
}

const line: MemoryNetworkOptions = { isConnected: (a, b) => Math.abs(a.charCodeAt(0) - b.charCodeAt(0)) === 1 };
async function take<T extends Topic>(from: AsyncIterableIterator<Received<T>>, count: number) {
  const found = [];
  for (let i = 0; i < count; i++) found.push((await from.next()).value as Received<T>);
  return found;
}

describeGossip("memory", (peers) => {
  const order = peers.map(({ name }) => name);
  const network = new MemoryNetwork({ isConnected: (a, b) => Math.abs(order.indexOf(a) - order.indexOf(b)) === 1 });
  return Promise.resolve(peers.map((peer) => network.join(peer)));
});

describe("gossip in memory", () => {
  it("carries a message along a line of five nodes, each of which judges it once from each neighbour", async () => {
    const { network, verdicts, peers } = swarm(["a", "b", "c", "d", "e"], line);
    const heard = peers.map((peer) => peer.subscribe("votes"));
    await peers[0]!.publish("votes", await voteBytes());
    await network.idle();
    for (const subscription of heard.slice(1)) {
      const [received] = await take(subscription, 1);
      expect(received).to.deep.equal({ topic: "votes", sender: wallets.prover.address, message: vote });
    }
    const accepted = verdicts.filter((verdict) => verdict.endsWith("ACCEPT"));
    expect(accepted).to.deep.equal(["b ACCEPT", "c ACCEPT", "d ACCEPT", "e ACCEPT"]);
    expect(verdicts.filter((verdict) => !verdict.endsWith("ACCEPT"))).to.deep.equal([
      "a IGNORE duplicate",
      "b IGNORE duplicate",
      "c IGNORE duplicate",
      "d IGNORE duplicate",
    ]);
  });

  it("delivers in the order of sending, to peers in the order of joining", async () => {
    const { network, peers } = swarm(["a", "b", "c"]);
    const order: bigint[] = [];
    const heard = peers[2]!.subscribe("votes");
    const bytes = await Promise.all([3n, 1n].map(voteBytes));
    await Promise.all(bytes.map((one) => peers[0]!.publish("votes", one)));
    await network.idle();
    for (const { message } of await take(heard, 2)) order.push(message.minBurnBid);
    expect(order).to.deep.equal([3n, 1n]);
  });
});
