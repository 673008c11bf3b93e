import { expect } from "chai";
import {
  type Gossip,
  type GossipView,
  GossipClosedError,
  encodeMessage,
  MAX_QUEUE,
  type PeerOptions,
  type Received,
  RefusedMessageError,
  sealEnvelope,
  type Topic,
  TOPICS,
  type Verdict,
} from "../../src/gossip/index.ts";
import { MalformedError } from "../../src/protocol/errors.ts";
import { signVote } from "../../src/protocol/vote.ts";
import type { Subscription } from "../../src/gossip/subscription.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { until } from "../support/until.ts";
import { GOOD, identityOf, isCommitted, offer, PROPOSAL_ID, route, secrets, viewOf, vote, wallets } from "./fixture.ts";

/** Nodes in a line, each connected with the one before it and the one after it. */
export type Line = (peers: readonly PeerOptions[]) => Promise<readonly Gossip[]>;

type Views = Readonly<Record<string, () => GossipView>>;

export const voteBytes = async (minBurnBid = 1n): Promise<Uint8Array> =>
  sealEnvelope(
    await identityOf(wallets.prover),
    "votes",
    encodeMessage(
      "votes",
      signVote(secrets.prover, { proposalId: PROPOSAL_ID, depth: 0, index: 0, capacity: 7, minBurnBid }),
    ),
  );

export const goodBytes = async (topic: Topic): Promise<Uint8Array> => {
  const [message, sender] = GOOD[topic];
  return sealEnvelope(await identityOf(wallets[sender]), topic, encodeMessage(topic, message as never));
};

async function take<T extends Topic>(from: AsyncIterableIterator<Received<T>>, count: number): Promise<Received<T>[]> {
  const found: Received<T>[] = [];
  for (let i = 0; i < count; i++) found.push(((await from.next()) as IteratorYieldResult<Received<T>>).value);
  return found;
}

/** What is the same over every transport. */
export function describeGossip(name: string, connect: Line): void {
  const begin = async (names: string, views: Views = {}) => {
    const verdicts: string[] = [];
    const peers = await connect(
      [...names].map((peer) => ({
        name: peer,
        route,
        view: views[peer] ?? (() => viewOf(false)),
        onVerdict: (verdict: Verdict) => {
          const text = `${peer} ${verdict.verdict}${verdict.verdict === "ACCEPT" ? "" : ` ${verdict.reason}`}`;
          // Memory gossip also sends back to where a message came from.
          if (text !== `${peer} IGNORE duplicate`) verdicts.push(text);
        },
      })),
    );
    return { peers, verdicts };
  };

  describe(`gossip over ${name}`, () => {
    for (const topic of TOPICS) {
      it(`carries a message on ${topic} along a line of five nodes, each of which judges it once`, async () => {
        const view = (): GossipView => viewOf(isCommitted(topic));
        const { peers, verdicts } = await begin("abcde", { a: view, b: view, c: view, d: view, e: view });
        const heard = peers.slice(1).map((peer) => peer.subscribe(topic));
        await peers[0]!.publish(topic, await goodBytes(topic));
        for (const subscription of heard) {
          const [received] = await take(subscription, 1);
          const [message, sender] = GOOD[topic];
          expect(received).to.deep.equal({ topic, sender: wallets[sender].address, message });
        }
        expect(verdicts).to.deep.equal(["b ACCEPT", "c ACCEPT", "d ACCEPT", "e ACCEPT"]);
      });
    }

    it("does not pass on what it does not accept", async () => {
      const late = (): GossipView => viewOf(false, { provers: new Map() });
      const { peers, verdicts } = await begin("abc", { b: late });
      const heard = [peers[2]!.subscribe("votes"), peers[2]!.subscribe("proposals")] as const;
      await peers[0]!.publish("votes", await voteBytes());
      await until("b has judged the vote", () => verdicts.length > 0);
      await peers[0]!.publish("proposals", await goodBytes("proposals"));
      await take(heard[1], 1);
      expect(verdicts).to.deep.equal(["b IGNORE voter is not registered", "b ACCEPT", "c ACCEPT"]);
    });

    it("does not send what its own rules refuse, and says why", async () => {
      const { peers, verdicts } = await begin("ab", { a: () => viewOf(false, { deposits: new Map() }) });
      const bytes = sealEnvelope(await identityOf(wallets.proposer), "proposals", encodeMessage("proposals", offer));
      const refusal = "a message on proposals is not sent: IGNORE, proposer has no seat";
      await expectRejection(peers[0]!.publish("proposals", bytes), RefusedMessageError, refusal);
      await expectRejection(peers[1]!.publish("votes", bytes), MalformedError, "is proposals, expected votes");
      expect(verdicts).to.deep.equal([]);
    });

    it("sends again what it has sent, for peers that could not make use of it before", async () => {
      let known = false;
      const early = (): GossipView => (known ? viewOf(false) : viewOf(false, { provers: new Map() }));
      const { peers, verdicts } = await begin("ab", { b: early });
      await peers[0]!.publish("votes", await voteBytes());
      await until("b has judged the vote", () => verdicts.length === 1);
      known = true;
      // A node may look at what it knows a few times a second only.
      await until("b has accepted the vote", async () => {
        await peers[0]!.publish("votes", await voteBytes());
        return verdicts.at(-1) === "b ACCEPT";
      });
      expect(new Set(verdicts)).to.deep.equal(new Set(["b IGNORE voter is not registered", "b ACCEPT"]));
    });

    it("takes its own overload for nobody's fault", async () => {
      const { peers, verdicts } = await begin("ab");
      const slow = peers[1]!.subscribe("votes") as Subscription<"votes">;
      for (let i = 0; i < MAX_QUEUE; i++) slow.push({ topic: "votes", sender: wallets.prover.address, message: vote });
      await peers[0]!.publish("votes", await voteBytes());
      await until("b has judged the vote", () => verdicts.length > 0);
      expect(verdicts).to.deep.equal(["b IGNORE own overload"]);
    });

    it("ends subscriptions when it is closed, and takes nothing any more", async () => {
      const { peers, verdicts } = await begin("ab");
      const waiting = peers[1]!.subscribe("votes").next();
      await peers[1]!.close();
      expect((await waiting).done).to.equal(true);
      expect(() => peers[1]!.subscribe("votes")).to.throw(GossipClosedError);
      await expectRejection(peers[1]!.publish("votes", await voteBytes()), GossipClosedError, "closed");
      await peers[0]!.publish("votes", await voteBytes());
      expect(verdicts).to.deep.equal([]);
    });
  });
}
