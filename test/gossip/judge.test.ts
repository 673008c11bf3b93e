import { expect } from "chai";
import { bodyOf, Gate, type GossipView, type InnerCheck, innerFault, type Judgement } from "../../src/gossip/index.ts";
import { ownerOf } from "../../src/gossip/envelope.ts";
import type { InnerChecker } from "../../src/gossip/innerChecker.ts";
import { Judge } from "../../src/gossip/judge.ts";
import { Views } from "../../src/gossip/views.ts";
import { MAX_WAITING } from "../../src/gossip/limits.ts";
import { ignore } from "../../src/gossip/verdict.ts";
import { until } from "../support/until.ts";
import { goodBytes } from "./describeGossip.ts";
import { DOMAIN, route, viewOf } from "./fixture.ts";

/** Checks when it is told to. */
class HeldChecker implements InnerChecker {
  fails = false;
  readonly waiting: (() => void)[] = [];

  check(messages: readonly InnerCheck[]): Promise<readonly (string | undefined)[]> {
    if (this.fails) return Promise.reject(new Error("no memory"));
    return new Promise((resolve) => {
      this.waiting.push(() => {
        resolve(messages.map((message) => innerFault(DOMAIN, message)));
      });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe("a judge", () => {
  const begin = (view: () => GossipView = () => viewOf(false), shunned: string[] = [], full = false) => {
    const checker = new HeldChecker();
    const said: string[] = [];
    const failures: string[] = [];
    const gate = new Gate(route);
    const judge = new Judge({
      ...{ gate, views: new Views(view), checker },
      isOverloaded: () => full,
      isShunned: (peer) => shunned.includes(peer),
      onFailure: (error) => failures.push(String(error)),
    });
    const decide = (judgement: Judgement): void =>
      void said.push(judgement.verdict === "ACCEPT" ? "ACCEPT" : `${judgement.verdict} ${judgement.reason}`);
    const add = async (topic: "votes" | "proposals", from = "a") => {
      const bytes = await goodBytes(topic);
      judge.add({
        topic,
        body: bodyOf(bytes),
        from,
        owner: ownerOf(bytes),
        sift: (at) => gate.sift(bytes, at),
        decide,
      });
    };
    /** Messages of one peer, each under another name, that are stale. */
    const flood = (count: number): void => {
      for (let i = 0; i < count; i++)
        judge.add({
          ...{ topic: "proposals", body: new Uint8Array(), from: "flooder", owner: `${i}` },
          ...{ sift: () => ignore("parent is unknown"), decide },
        });
    };
    return { checker, judge, said, failures, add, flood };
  };

  it("judges what a flood of ignored messages leaves behind it first, and has room for it", async () => {
    const { judge, said, add, flood } = begin();
    // What is known of the peer then: nothing that it has sent was of use.
    flood(40);
    await until("they are decided", () => said.length === 40);
    said.length = 0;
    // More than there is room for.
    flood(MAX_WAITING.proposals + 100);
    await add("proposals");
    await until("all are decided", () => said.length === MAX_WAITING.proposals + 101);
    const overload = said.filter((each) => each === "IGNORE own overload");
    expect(overload).to.have.length(MAX_WAITING.proposals + 100 - MAX_WAITING.proposals / 8);
    expect(said.indexOf("ACCEPT"), "it comes before what waited when it came").to.be.within(
      overload.length,
      overload.length + 1,
    );
    await judge.close();
  });

  it("keeps what comes too early, and judges it again when it knows more", async () => {
    let known = false;
    const { checker, judge, said, add } = begin(() => viewOf(false, known ? {} : { proposals: new Map() }));
    await add("votes");
    await until("it is kept", () => judge.stats().early === 1);
    expect(said).to.deep.equal([]);
    known = true;
    await until("it is checked", () => checker.waiting.length === 1);
    checker.waiting.shift()!();
    await until("it is decided", () => said.length > 0);
    expect(said).to.deep.equal(["ACCEPT"]);
    expect(judge.stats().early).to.equal(0);
    await judge.close();
  });

  it("goes on when it fails on a message, which is nobody's offence", async () => {
    const { judge, said, failures, add } = begin();
    const fault = (): never => {
      throw new Error("the state is a view of another version");
    };
    judge.add({
      ...{ topic: "transactions", body: new Uint8Array(10), from: "a", owner: "b", sift: fault },
      decide: (judgement) => void said.push(`${judgement.verdict} ${"reason" in judgement && judgement.reason}`),
    });
    await add("proposals", "c");
    await until("both are decided", () => said.length === 2);
    expect(said).to.have.members(["IGNORE own check has failed", "ACCEPT"]);
    expect(failures).to.deep.equal(["Error: the state is a view of another version"]);
    await judge.close();
  });

  it("blames nobody when its own checker fails, and takes the message when it comes again", async () => {
    const { checker, judge, said, failures, add } = begin();
    checker.fails = true;
    await add("votes");
    await until("it is decided", () => said.length === 1);
    checker.fails = false;
    await add("votes");
    await until("it is checked", () => checker.waiting.length === 1);
    checker.waiting.shift()!();
    await until("it is decided", () => said.length === 2);
    expect(said).to.deep.equal(["IGNORE own check has failed", "ACCEPT"]);
    expect(failures).to.deep.equal(["Error: no memory"]);
    await judge.close();
  });

  it("takes a message that is under check for a duplicate", async () => {
    const { checker, judge, said, add } = begin();
    await add("votes");
    await until("it is checked", () => checker.waiting.length === 1);
    await add("votes");
    await until("the second is decided", () => said.length === 1);
    checker.waiting.shift()!();
    await until("the first is decided", () => said.length === 2);
    expect(said).to.deep.equal(["IGNORE duplicate", "ACCEPT"]);
    await judge.close();
  });

  it("judges also what comes in the very moment in which it has judged all", async () => {
    const { judge, said, add } = begin();
    for (let i = 0; i < 40; i++) {
      await add("proposals");
      await until("it is decided", () => said.length === i + 1);
      // In the turn in which the judge finds nothing more to do, a few microtasks earlier or later.
      await add("proposals");
      await new Promise(setImmediate);
      for (let k = 0; k < i % 20; k++) await Promise.resolve();
      await add("proposals");
      await until("both are decided", () => said.length >= i + 3, 2_000);
      said.length = i + 1;
    }
    await judge.close();
  }).timeout(60_000);

  it("does not look at what comes from a peer that it does not listen to, nor where nobody would take it", async () => {
    const { judge, said, add } = begin(undefined, ["bad"]);
    await add("proposals", "bad");
    await until("it is decided", () => said.length > 0);
    const full = begin(undefined, [], true);
    await full.add("proposals");
    expect([...said, ...full.said]).to.deep.equal(["IGNORE peer is not listened to", "IGNORE own overload"]);
    await Promise.all([judge.close(), full.judge.close()]);
  });

  it("ignores all before it knows anything, and goes by what it knew when nothing new is to be had", async () => {
    let fails = true;
    const { judge, said, add } = begin(() => {
      if (fails) throw new Error("L1 does not answer");
      return viewOf(false);
    });
    await add("proposals");
    await until("it is decided", () => said.length === 1);
    fails = false;
    await add("proposals");
    await until("it is decided", () => said.length === 2);
    fails = true;
    await add("proposals");
    await until("it is decided", () => said.length === 3);
    expect(said).to.deep.equal(["IGNORE own view is not to be had", "ACCEPT", "IGNORE duplicate"]);
    await judge.close();
  });
});
