import { expect } from "chai";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import type { PublishedMessage } from "../../src/chain/actions/getPublished.ts";
import type { Message } from "../../src/chain/actions/publish.ts";
import { BulletinInbox } from "../../src/gossip/bulletinInbox.ts";
import {
  BulletinGossip,
  encodeMessage,
  MAX_BYTES,
  MAX_WAITING,
  type NetworkGossip,
  type Received,
  TOPICS,
} from "../../src/gossip/index.ts";
import { logTo } from "../../src/log/index.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { createMadeUpWorld } from "../../src/sim/madeUp.ts";
import { until } from "../support/until.ts";
import { goodBytes, voteBytes } from "./describeGossip.ts";
import { DOMAIN, GOOD, isCommitted, viewOf, wallets } from "./fixture.ts";
import { startNode, stopNodes } from "./libp2pSwarm.ts";

/** What is on L1, without L1. */
class Board {
  readonly messages: PublishedMessage[] = [];
  fails = false;

  readonly publish = (publisher: string) => (message: Message) => {
    if (this.fails) return Promise.reject(new Error("L1 does not answer"));
    this.messages.push({ ...message, publisher, blockNumber: 1 });
    return Promise.resolve();
  };
}

/** Of a node whose L2 is that of L1. */
const inboxOf = (): BulletinInbox => new BulletinInbox(() => false);

describe("gossip over the bulletin", () => {
  const open: BulletinGossip[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((gossip) => gossip.close()));
    await stopNodes();
  });

  function over(
    gossip: NetworkGossip,
    board: Board,
    publisher: string,
    { lines = [], graceMs = 0, inbox = inboxOf() }: { lines?: string[]; graceMs?: number; inbox?: BulletinInbox } = {},
  ): BulletinGossip {
    const log = logTo(({ code }) => lines.push(code));
    const one = new BulletinGossip(
      { gossip, inbox, domain: DOMAIN, publish: board.publish(publisher), log },
      { graceMs, intervalMs: 20, retryMs: 50 },
    );
    open.push(one);
    return one;
  }

  for (const topic of TOPICS) {
    it(`carries ${topic} from a node without peers to another, which judges them as from a peer`, async () => {
      const view = () => viewOf(isCommitted(topic));
      const [message, sender] = GOOD[topic];
      const owner = wallets[sender].address;
      const board = new Board();
      const [alone, other] = await Promise.all(["a", "b"].map((name) => startNode(name, { view })));
      const saying = over(alone!.gossip, board, owner);
      // A node reads L1 before it talks.
      const inbox = inboxOf();
      await saying.publish(topic, await goodBytes(topic));
      await until("it is on the bulletin", () => board.messages.length > 0);
      expect(saying.status()).to.deep.include({ isDown: true, waiting: 0, published: 1 });
      inbox.put(board.messages);
      const hearing = over(other!.gossip, board, owner, { inbox });
      const heard = hearing.subscribe(topic);
      expect((await heard.next()).value).to.deep.equal({ topic, sender: owner, message });
      // Once, and not for whom L1 does not say it is.
      inbox.put(board.messages.map((one) => ({ ...one, publisher: wallets.user.address })));
      expect(hearing.status().heard).to.equal(2);
    });
  }

  it("does not take what its publisher may not say", async () => {
    const node = await startNode("a");
    const inbox = inboxOf();
    const gossip = over(node.gossip, new Board(), "", { inbox });
    const heard = gossip.subscribe("votes");
    const data = `0x${Buffer.from(encodeMessage("votes", GOOD.votes[0])).toString("hex")}`;
    const publish = (publisher: string) => inbox.put([{ topic: "Vote", subject: 0n, data, publisher, blockNumber: 1 }]);
    publish(wallets.user.address);
    inbox.put([{ topic: "Genesis", subject: 0n, data: "0x", publisher: wallets.user.address, blockNumber: 1 }]);
    inbox.put([{ topic: "Vote", subject: 0n, data: "0x1234", publisher: wallets.user.address, blockNumber: 1 }]);
    publish(wallets.prover.address);
    expect(((await heard.next()).value as Received).sender).to.equal(wallets.prover.address);
  });

  it("sends to peers what waited for them, and nothing of it to L1", async () => {
    const board = new Board();
    const first = await startNode("a");
    const saying = over(first.gossip, board, wallets.prover.address, { graceMs: 60_000 });
    await saying.publish("votes", await voteBytes());
    expect(saying.status()).to.deep.include({ isDown: false, waiting: 1 });
    const second = await startNode("b", { bootstrap: [...first.addresses] });
    const heard = second.gossip.subscribe("votes");
    expect(((await heard.next()).value as Received).sender).to.equal(wallets.prover.address);
    await until("nothing waits", () => saying.status().waiting === 0);
    expect(board.messages).to.deep.equal([]);
  });

  it("tells its operator, and tries again what L1 did not take", async () => {
    const lines: string[] = [];
    const board = new Board();
    board.fails = true;
    const node = await startNode("a");
    const saying = over(node.gossip, board, wallets.prover.address, { lines });
    await saying.publish("votes", await voteBytes());
    await until("it has failed", () => lines.includes("bulletin-failed"));
    expect(saying.status()).to.deep.include({ isDown: true, waiting: 1 });
    board.fails = false;
    await until("it is on the bulletin", () => board.messages.length === 1);
    await startNode("b", { bootstrap: [...node.addresses] });
    await until("it is up again", () => lines.includes("gossip-back"));
    expect(saying.status().isDown).to.equal(false);
    expect(lines.filter((code) => code === "gossip-down")).to.have.length(1);
  });

  it("reads from the contract what it has put there", async () => {
    const world = await createMadeUpWorld(await hre.network.create(), {
      ...{ profile: PROFILES.dev, provers: 1, proposers: 1 },
    });
    const { client, deployer } = world;
    const node = await startNode("a");
    const gossip = new BulletinGossip(
      {
        ...{ gossip: node.gossip, inbox: inboxOf(), domain: DOMAIN },
        publish: (message) => actions.publish(client, deployer, message),
      },
      { graceMs: 0, intervalMs: 20 },
    );
    open.push(gossip);
    await gossip.publish("votes", await voteBytes());
    await until("it is on L1", () => gossip.status().published === 1);
    const [published] = await actions.getPublished(client, { topic: "Vote" });
    expect(published).to.deep.include({
      publisher: deployer.address,
      data: `0x${Buffer.from(encodeMessage("votes", GOOD.votes[0])).toString("hex")}`,
      subject: GOOD.votes[0].proposalId,
    });
  });
});

describe("what was read on the bulletin", () => {
  const named = (topic: PublishedMessage["topic"], name: number, data = "0x"): PublishedMessage => ({
    ...{ topic, subject: BigInt(name), data, publisher: wallets.user.address, blockNumber: name },
  });
  const heardBy = (inbox: BulletinInbox, topic: "transactions" | "votes"): bigint[] => {
    const heard: bigint[] = [];
    inbox.listen(topic, ({ subject }) => heard.push(subject));
    return heard;
  };

  it("waits for whoever listens, each topic for itself, and goes on in the order of L1", () => {
    const inbox = inboxOf();
    inbox.put([named("Vote", 1), named("Transaction", 2), named("Vote", 3)]);
    const votes = heardBy(inbox, "votes");
    expect(votes).to.deep.equal([1n, 3n]);
    inbox.put([named("Vote", 4), named("Transaction", 5)]);
    expect(votes).to.deep.equal([1n, 3n, 4n]);
    expect(heardBy(inbox, "transactions")).to.deep.equal([2n, 5n]);
  });

  it("waits, transfers alone, while the L2 of the node is older than that of L1", () => {
    let isBehind = true;
    const inbox = new BulletinInbox(() => isBehind);
    const [votes, transfers] = [heardBy(inbox, "votes"), heardBy(inbox, "transactions")];
    inbox.put([named("Transaction", 1), named("Vote", 2)]);
    expect([votes, transfers]).to.deep.equal([[2n], []]);
    isBehind = false;
    inbox.look();
    expect(transfers).to.deep.equal([1n]);
  });

  it("is no more than can wait to be judged: the newest of each topic, and nothing that is too long", () => {
    const inbox = inboxOf();
    const limit = MAX_WAITING.transactions;
    const tooLong = `0x${"00".repeat(MAX_BYTES.votes + 1)}`;
    inbox.put([named("Vote", 1), named("Vote", 2, tooLong)]);
    inbox.put(Array.from({ length: limit + 2 }, (_, i) => named("Transaction", i)));
    const transfers = heardBy(inbox, "transactions");
    expect(transfers).to.have.length(limit);
    expect([transfers[0], transfers.at(-1)]).to.deep.equal([2n, BigInt(limit + 1)]);
    expect(heardBy(inbox, "votes")).to.deep.equal([1n]);
  });
});
