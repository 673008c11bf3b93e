import { expect } from "chai";
import {
  encodeMessage,
  GossipClosedError,
  MAX_QUEUE,
  MemoryNetwork,
  type MemoryNetworkOptions,
  type Received,
  RefusedMessageError,
  sealEnvelope,
  type Topic,
  type Verdict,
} from "../../src/gossip/index.ts";
import { MalformedError } from "../../src/protocol/errors.ts";
import { signVote } from "../../src/protocol/vote.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { identityOf, offer, PROPOSAL_ID, route, secrets, viewOf, vote, wallets } from "./fixture.ts";

/** Peers by name, and every verdict that they gave. */
function swarm(
  names: readonly string[],
  options: MemoryNetworkOptions = {},
  views: Record<string, typeof viewOf> = {},
) {
  const network = new MemoryNetwork(options);
  const verdicts: string[] = [];
  const note = (name: string) => (verdict: Verdict) =>
    verdicts.push(`${name} ${verdict.verdict}${verdict.verdict === "ACCEPT" ? "" : ` ${verdict.reason}`}`);
  const peers = names.map((name) =>
    network.join({ name, route, view: () => (views[name] ?? viewOf)(false), onVerdict: note(name) }),
  );
  return { network, verdicts, peers };
}

const line: MemoryNetworkOptions = { isConnected: (a, b) => Math.abs(a.charCodeAt(0) - b.charCodeAt(0)) === 1 };
const voteBytes = async (minBurnBid = 1n) =>
  sealEnvelope(
    await identityOf(wallets.prover),
    "votes",
    encodeMessage(
      "votes",
      signVote(secrets.prover, { proposalId: PROPOSAL_ID, depth: 0, index: 0, capacity: 7, minBurnBid }),
    ),
  );

async function take<T extends Topic>(from: AsyncIterableIterator<Received<T>>, count: number) {
  const found = [];
  for (let i = 0; i < count; i++) found.push((await from.next()).value as Received<T>);
  return found;
}

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

  it("does not pass on what it does not accept", async () => {
    const late: typeof viewOf = (isCommitted) => viewOf(isCommitted, { proposals: new Map() });
    const { network, verdicts, peers } = swarm(["a", "b", "c"], line, { b: late });
    await peers[0]!.publish("votes", await voteBytes());
    await network.idle();
    expect(verdicts).to.deep.equal(["b IGNORE proposal is unknown"]);
  });

  it("delivers in the order of sending, to peers in the order of joining", async () => {
    const { network, peers } = swarm(["a", "b", "c"]);
    const order: bigint[] = [];
    const heard = peers[2]!.subscribe("votes");
    const bytes = await Promise.all([3n, 1n, 2n].map(voteBytes));
    await Promise.all(bytes.map((one) => peers[0]!.publish("votes", one)));
    await network.idle();
    for (const { message } of await take(heard, 3)) order.push(message.minBurnBid);
    expect(order).to.deep.equal([3n, 1n, 2n]);
  });

  it("does not send what its own rules refuse, and says why", async () => {
    const { verdicts, network, peers } = swarm(["a", "b"], {}, { a: (is) => viewOf(is, { deposits: new Map() }) });
    const bytes = sealEnvelope(await identityOf(wallets.proposer), "proposals", encodeMessage("proposals", offer));
    const refusal = "a message on proposals is not sent: IGNORE, proposer has no seat";
    await expectRejection(peers[0]!.publish("proposals", bytes), RefusedMessageError, refusal);
    await expectRejection(peers[1]!.publish("votes", bytes), MalformedError, "is proposals, expected votes");
    await network.idle();
    expect(verdicts).to.deep.equal([]);
  });

  it("sends again what it has sent, for peers that could not make use of it before", async () => {
    let known = false;
    const early: typeof viewOf = (is) => (known ? viewOf(is) : viewOf(is, { proposals: new Map() }));
    const { network, verdicts, peers } = swarm(["a", "b"], {}, { b: early });
    for (known of [false, true, true]) {
      await peers[0]!.publish("votes", await voteBytes());
      await network.idle();
    }
    expect(verdicts.filter((verdict) => verdict.startsWith("b"))).to.deep.equal([
      "b IGNORE proposal is unknown",
      "b ACCEPT",
      "b IGNORE duplicate",
    ]);
  });

  it("takes its own overload for nobody's fault", async () => {
    const { network, verdicts, peers } = swarm(["a", "b"]);
    const slow = peers[1]!.subscribe("votes");
    for (let i = 0; i < MAX_QUEUE; i++) {
      slow.push({ topic: "votes", sender: wallets.prover.address, message: vote });
    }
    await peers[0]!.publish("votes", await voteBytes());
    await network.idle();
    expect(verdicts).to.deep.equal(["b IGNORE own overload"]);
  });

  it("ends subscriptions when it is closed, and takes nothing any more", async () => {
    const { network, verdicts, peers } = swarm(["a", "b"]);
    const waiting = peers[1]!.subscribe("votes").next();
    await peers[1]!.close();
    expect((await waiting).done).to.equal(true);
    expect(() => peers[1]!.subscribe("votes")).to.throw(GossipClosedError);
    await expectRejection(peers[1]!.publish("votes", await voteBytes()), GossipClosedError, "closed");
    await peers[0]!.publish("votes", await voteBytes());
    await network.idle();
    expect(verdicts).to.deep.equal([]);
  });
});
