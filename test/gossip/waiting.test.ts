import { expect } from "chai";
import { MAX_WAITING, type Topic } from "../../src/gossip/index.ts";
import { Waiting } from "../../src/gossip/waiting.ts";
import { Random } from "../../src/sim/random.ts";

interface Item {
  readonly topic: Topic;
  readonly id: number;
  readonly fee: number;
}

const item = (topic: Topic, id: number, fee = 0): Item => ({ topic, id, fee });

function drain(waiting: Waiting<Item>): Item[] {
  return Array.from({ length: waiting.length }, () => waiting.take()!);
}

describe("messages that wait", () => {
  it("are taken by topic, proposals and proofs in order, the newest vote first, the dearest transaction first", () => {
    const waiting = new Waiting<Item>(({ fee }) => fee);
    for (const [i, fee] of [3, 1, 2, 3].entries()) waiting.add(item("transactions", i, fee));
    for (const topic of ["proofs", "votes", "proposals"] as const)
      for (const i of [0, 1, 2]) waiting.add(item(topic, i));
    expect(drain(waiting).map(({ topic, id }) => `${topic} ${id}`)).to.deep.equal([
      ...["proposals 0", "proposals 1", "proposals 2"],
      ...["votes 2", "votes 1", "votes 0"],
      ...["proofs 0", "proofs 1", "proofs 2"],
      ...["transactions 0", "transactions 3", "transactions 2", "transactions 1"],
    ]);
    expect(waiting.take()).to.equal(undefined);
  });

  for (const topic of ["proposals", "proofs"] as const) {
    it(`have no room for one of ${topic} more than the limit: the last`, () => {
      const waiting = new Waiting<Item>(({ fee }) => fee);
      for (let i = 0; i < MAX_WAITING[topic]; i++) expect(waiting.add(item(topic, i))).to.equal(undefined);
      expect(waiting.add(item(topic, -1))?.id).to.equal(-1);
      expect(waiting.lengthOf(topic)).to.equal(MAX_WAITING[topic]);
    });
  }

  it("have no room for a vote more than the limit: the oldest", () => {
    const waiting = new Waiting<Item>(({ fee }) => fee);
    for (let i = 0; i < MAX_WAITING.votes; i++) expect(waiting.add(item("votes", i))).to.equal(undefined);
    expect(waiting.add(item("votes", -1))?.id).to.equal(0);
    expect(waiting.take()?.id).to.equal(-1);
  });

  it("have no room for a transaction more than the limit: the cheapest, whichever order they come in", () => {
    const random = new Random("waiting");
    const waiting = new Waiting<Item>(({ fee }) => fee);
    const fees: number[] = [];
    const dropped: number[] = [];
    for (let i = 0; i < MAX_WAITING.transactions + 500; i++) {
      const fee = Number(random.below(3_000n));
      fees.push(fee);
      const out = waiting.add(item("transactions", i, fee));
      if (out !== undefined) dropped.push(out.fee);
    }
    const kept = drain(waiting).map(({ fee }) => fee);
    const sorted = fees.toSorted((a, b) => b - a);
    expect(kept).to.deep.equal(sorted.slice(0, MAX_WAITING.transactions));
    expect(dropped).to.have.length(500);
  });
});
