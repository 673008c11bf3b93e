import { expect } from "chai";
import fc from "fast-check";
import { id, type Wallet } from "ethers";
import {
  ACCOUNT_QUOTA,
  encodeMessage,
  ENVELOPE_BYTES,
  Gate,
  type GossipView,
  isSealed,
  type Judgement,
  MAX_BYTES,
  MAX_CERTIFICATE_SECONDS,
  type Messages,
  NetworkKey,
  openEnvelope,
  QUOTA,
  sealEnvelope,
  type Sifted,
  signCertificate,
  type Topic,
  TOPICS,
} from "../../src/gossip/index.ts";
import { MalformedError } from "../../src/protocol/errors.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { type Proposal, proposalId } from "../../src/protocol/proposal.ts";
import { signVote, type Vote } from "../../src/protocol/vote.ts";
import {
  DOMAIN,
  GOOD,
  identityOf,
  isCommitted,
  NOW,
  offer,
  profile,
  proof,
  route,
  secrets,
  transfer,
  viewOf,
  vote,
  wallets,
} from "./fixture.ts";

const said = (judgement: Judgement): string =>
  judgement.verdict === "ACCEPT" ? "ACCEPT" : `${judgement.verdict} ${judgement.reason}`;

async function goodBytes(topic: Topic): Promise<Uint8Array> {
  const [message, sender] = GOOD[topic];
  return sealEnvelope(await identityOf(wallets[sender]), topic, encodeMessage(topic, message as never));
}

/** The first byte of each field of an envelope. */
const FIELDS = {
  version: 0,
  topic: 1,
  owner: 2,
  networkKey: 22,
  expiry: 54,
  certificate: 62,
  body: ENVELOPE_BYTES - 64,
  signature: -64,
};

describe("envelopes", () => {
  for (const topic of TOPICS) {
    it(`opens what it has sealed on ${topic}`, async () => {
      const bytes = await goodBytes(topic);
      const envelope = openEnvelope(bytes);
      expect(envelope.topic).to.equal(topic);
      expect(envelope.body).to.deep.equal(encodeMessage(topic, GOOD[topic][0] as never));
      expect(isSealed(DOMAIN, bytes, envelope)).to.equal(true);
      expect(isSealed(DOMAIN + 1n, bytes, envelope)).to.equal(false);
    });

    for (const [field, at] of Object.entries(FIELDS)) {
      it(`accepts no message on ${topic} of which the ${field} was changed`, async () => {
        const bytes = Uint8Array.from(await goodBytes(topic));
        const index = at < 0 ? bytes.length + at : at;
        for (const bit of [1, 128]) {
          const changed = Uint8Array.from(bytes);
          changed[index]! ^= bit;
          // What it is about, and who says it, is looked at before anything is verified: of these it may know nothing.
          const expected = field === "owner" || field === "body" ? ["REJECT", "IGNORE"] : ["REJECT"];
          expect(new Gate(route).judge(changed, viewOf(isCommitted(topic))).verdict, `bit ${bit}`).to.be.oneOf(
            expected,
          );
        }
      });
    }
  }

  it("says what is wrong with bytes that are no envelope", async () => {
    const bytes = await goodBytes("votes");
    expect(() => openEnvelope(bytes.subarray(0, ENVELOPE_BYTES - 1))).to.throw(MalformedError, "envelope is 190 bytes");
    expect(() => openEnvelope(Uint8Array.from([2, ...bytes.subarray(1)]))).to.throw(MalformedError, "version");
    expect(() => openEnvelope(Uint8Array.from([1, 5, ...bytes.subarray(2)]))).to.throw(MalformedError, "topic");
    expect(() => new NetworkKey(new Uint8Array(31))).to.throw(MalformedError, "31 bytes, expected 32");
  });

  it("checks each certificate against its owner and its time", async () => {
    const body = encodeMessage("votes", vote);
    const certified = async (expiry: bigint, wallet = wallets.prover) => {
      const { key } = await identityOf(wallets.prover);
      const certificate = await signCertificate(wallet, route, { networkKey: key.publicKey, expiry });
      const owned = { ...certificate, owner: wallets.prover.address };
      return said(
        new Gate(route).judge(sealEnvelope({ key, certificate: owned, domain: DOMAIN }, "votes", body), viewOf(false)),
      );
    };
    expect(await certified(NOW + 1n)).to.equal("ACCEPT");
    expect(await certified(NOW)).to.equal("IGNORE certificate expired");
    expect(await certified(NOW + MAX_CERTIFICATE_SECONDS)).to.equal("ACCEPT");
    // A node that is a block ahead takes it and passes it on: no peer may pay for that.
    expect(await certified(NOW + MAX_CERTIFICATE_SECONDS + 1n)).to.equal("IGNORE certificate lives too long");
    expect(await certified(NOW + 1n, wallets.user)).to.equal("REJECT certificate is not the owner's");
  });

  it("knows a good certificate again, and forgets none of its limits", async () => {
    const gate = new Gate(route);
    const bytes = await goodBytes("votes");
    expect(said(gate.judge(bytes, viewOf(false)))).to.equal("ACCEPT");
    const other = sealEnvelope(
      await identityOf(wallets.prover),
      "votes",
      encodeMessage("votes", { ...vote, capacity: 1 }),
    );
    expect(said(gate.judge(other, viewOf(false, { now: NOW + 3_600n })))).to.equal("IGNORE certificate expired");
  });

  it("rejects a certificate for another rollup or chain", async () => {
    for (const other of [
      { ...route, chainId: 1n },
      { ...route, rollup: wallets.user.address },
      { ...route, domain: DOMAIN + 1n },
    ]) {
      const { key } = await identityOf(wallets.prover);
      const terms = { networkKey: key.publicKey, expiry: NOW + 1n };
      const certificate = await signCertificate(wallets.prover, other, terms);
      const bytes = sealEnvelope({ key, certificate, domain: DOMAIN }, "votes", encodeMessage("votes", vote));
      expect(said(new Gate(route).judge(bytes, viewOf(false)))).to.equal("REJECT certificate is not the owner's");
    }
  });

  it("ignores a replay, and lets what came too early come again", async () => {
    const gate = new Gate(route);
    const bytes = await goodBytes("votes");
    expect(said(gate.judge(bytes, viewOf(false, { proposals: new Map() })))).to.equal("IGNORE proposal is unknown");
    expect(said(gate.judge(bytes, viewOf(false)))).to.equal("ACCEPT");
    expect(said(gate.judge(bytes, viewOf(false)))).to.equal("IGNORE duplicate");
  });

  it("takes a transfer and a proof once, whoever says them", async () => {
    for (const topic of ["transactions", "proofs"] as const) {
      const gate = new Gate(route);
      expect(said(gate.judge(await goodBytes(topic), viewOf(isCommitted(topic))))).to.equal("ACCEPT");
      const body = encodeMessage(topic, GOOD[topic][0] as never);
      const again = sealEnvelope(await identityOf(wallets.proposer), topic, body);
      expect(said(gate.judge(again, viewOf(isCommitted(topic))))).to.equal("IGNORE duplicate");
    }
  });

  it("does not let a forger spend the name of a message that an honest peer sends later", async () => {
    const gate = new Gate(route);
    const forged = sealEnvelope(await identityOf(wallets.user), "votes", encodeMessage("votes", vote));
    expect(said(gate.judge(forged, viewOf(false)))).to.equal("REJECT vote is not its sender's");
    const tampered = Uint8Array.from(await goodBytes("votes"));
    tampered[tampered.length - 1]! ^= 1;
    expect(said(gate.judge(tampered, viewOf(false)))).to.equal("REJECT bad network signature");
    expect(said(gate.judge(await goodBytes("votes"), viewOf(false)))).to.equal("ACCEPT");
  });

  describe("quotas", () => {
    const judgeBy = (wallet: Wallet, gate: Gate) => {
      return async <T extends Topic>(topic: T, message: Messages[T], change: Partial<GossipView> = {}) => {
        const bytes = sealEnvelope(await identityOf(wallet), topic, encodeMessage(topic, message));
        return said(gate.judge(bytes, viewOf(isCommitted(topic), change)));
      };
    };
    const castVote = (minBurnBid: bigint) => signVote(secrets.prover, { ...vote, minBurnBid });

    it("are two votes of a prover for a proposal", async () => {
      const judge = judgeBy(wallets.prover, new Gate(route));
      for (const bid of [2n, 3n]) expect(await judge("votes", castVote(bid))).to.equal("ACCEPT");
      expect(await judge("votes", castVote(4n))).to.equal("IGNORE over quota");
    });

    it("are four proposals of a proposer in a round on a parent, each of which bids a hundredth more", async () => {
      const judge = judgeBy(wallets.proposer, new Gate(route));
      const deposits = new Map([[wallets.proposer.address, [0n, 2_000n] as const]]);
      const bidding = (burnBid: bigint, change: Partial<Proposal> = {}) =>
        judge(
          "proposals",
          { burnBid, proposal: { ...offer.proposal, orderCommitment: id(`order ${burnBid}`), ...change } },
          { deposits, rounds: [{ ...viewOf(false).rounds[0]!, parents: [offer.proposal.parent, 1n] }] },
        );
      expect(await bidding(1_000n)).to.equal("ACCEPT");
      expect(await bidding(1_009n)).to.equal("IGNORE bid is not raised enough");
      expect(await bidding(1_010n)).to.equal("ACCEPT");
      // A hundredth of 1,010 is a bit more than 10.
      expect(await bidding(1_020n)).to.equal("IGNORE bid is not raised enough");
      expect(await bidding(1_021n)).to.equal("ACCEPT");
      expect(await bidding(1_999n)).to.equal("ACCEPT");
      expect(await bidding(2_000n)).to.equal("IGNORE over quota");
      expect(await bidding(1_000n, { parent: 1n })).to.equal("ACCEPT");
    });

    it("are transactions of a sender in a minute of L1 time", async () => {
      const gate = new Gate(route);
      const user = await identityOf(wallets.user);
      const minute = NOW - (NOW % 60n);
      const sent = (i: number, now: bigint): string => {
        const body = encodeMessage("transactions", { ...transfer, nonce: BigInt(i % 64), fee: BigInt(i) });
        const sifted = gate.sift(sealEnvelope(user, "transactions", body), viewOf(false, { now }));
        return sifted.verdict === "SIFTED" ? sifted.verdict : said(sifted);
      };
      for (let i = 0; i < QUOTA.transactions; i++) expect(sent(i, minute)).to.equal("SIFTED");
      expect(sent(QUOTA.transactions, minute + 59n)).to.equal("IGNORE over quota");
      expect(sent(QUOTA.transactions, minute + 60n)).to.equal("SIFTED");
    });

    it("are good transactions of an account in a minute, whoever sends them", async () => {
      const gate = new Gate(route);
      const senders = await Promise.all(Object.values(wallets).map((wallet) => identityOf(wallet)));
      const sent = (i: number): string => {
        const body = encodeMessage("transactions", { ...transfer, nonce: BigInt(i % 64), fee: BigInt(i) });
        const bytes = sealEnvelope(senders[i % senders.length]!, "transactions", body);
        const sifted = gate.sift(bytes, viewOf(false));
        return sifted.verdict === "SIFTED" ? said(gate.settle(sifted, undefined, viewOf(false))) : said(sifted);
      };
      for (let i = 0; i < ACCOUNT_QUOTA; i++) expect(sent(i)).to.equal("ACCEPT");
      expect(sent(ACCOUNT_QUOTA)).to.equal("IGNORE over quota");
    });

    it("are two proofs of a sender for each slot of a proposal", async () => {
      const judge = judgeBy(wallets.prover, new Gate(route));
      for (let i = 0; i <= 2 * slotCount(profile); i++) {
        const expected = i < 2 * slotCount(profile) ? "ACCEPT" : "IGNORE over quota";
        expect(await judge("proofs", { ...proof, beta: BigInt(i) })).to.equal(expected);
      }
    });

    it("count what is signed alone, and nothing that this node does not know", async () => {
      const gate = new Gate(route);
      const judge = judgeBy(wallets.prover, gate);
      for (let i = 0; i <= QUOTA.votes; i++) {
        const forged = sealEnvelope(await identityOf(wallets.prover), "votes", encodeMessage("votes", castVote(2n)));
        forged[forged.length - 1]! ^= 1;
        expect(said(gate.judge(forged, viewOf(false)))).to.equal("REJECT bad network signature");
        const unknown = await judge("votes", castVote(3n), { proposals: new Map() });
        expect(unknown).to.equal("IGNORE proposal is unknown");
      }
      expect(await judge("votes", castVote(2n))).to.equal("ACCEPT");
    });
  });

  it("costs a sender its votes of the round to sign one that is none, and its peers nothing", async () => {
    const gate = new Gate(route);
    const identity = await identityOf(wallets.prover);
    const judge = (message: Vote, change: Partial<GossipView> = {}) =>
      said(gate.judge(sealEnvelope(identity, "votes", encodeMessage("votes", message)), viewOf(false, change)));
    expect(judge({ ...vote, minBurnBid: 2n })).to.equal("IGNORE bad vote signature");
    expect(judge(vote)).to.equal("IGNORE sender has lied in this round");
    const next = { ...offer.proposal, roundId: offer.proposal.roundId + 1n };
    const known: Partial<GossipView> = {
      proposals: new Map([[proposalId(next), { proposal: next, committed: undefined }]]),
    };
    expect(judge(signVote(secrets.prover, { ...vote, proposalId: proposalId(next) }), known)).to.equal("ACCEPT");
  });

  it("passes on votes by their envelopes where it does not check them", async () => {
    const gate = new Gate(route, { checksVotes: false });
    const bytes = sealEnvelope(
      await identityOf(wallets.prover),
      "votes",
      encodeMessage("votes", { ...vote, minBurnBid: 2n }),
    );
    expect(said(gate.judge(bytes, viewOf(false)))).to.equal("ACCEPT");
  });

  it("takes what was sifted for seen until it is let go", async () => {
    const gate = new Gate(route);
    const bytes = await goodBytes("votes");
    const sifted = gate.sift(bytes, viewOf(false));
    if (sifted.verdict !== "SIFTED") throw new Error(sifted.reason);
    expect(said(gate.judge(bytes, viewOf(false)))).to.equal("IGNORE duplicate");
    for (let i = 0; i <= QUOTA.votes; i++) {
      gate.letGo(i === 0 ? sifted : (gate.sift(bytes, viewOf(false)) as Sifted));
    }
    expect(said(gate.judge(bytes, viewOf(false)))).to.equal("ACCEPT");
  });

  it("rejects a message that is longer than its topic allows", async () => {
    const identity = await identityOf(wallets.prover);
    const longest = MAX_BYTES.votes - ENVELOPE_BYTES;
    const judge = (length: number) =>
      said(new Gate(route).judge(sealEnvelope(identity, "votes", new Uint8Array(length)), viewOf(false)));
    expect(judge(longest)).to.equal("REJECT malformed message");
    expect(judge(longest + 1)).to.equal("REJECT message is too long");
  });

  it("never throws, and accepts nothing that nobody has signed", () => {
    const gate = new Gate(route);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.integer({ min: 0, max: 4 }), (bytes, topic) => {
        const framed = Uint8Array.from([1, topic, ...bytes]);
        for (const any of [bytes, framed]) expect(gate.judge(any, viewOf(true)).verdict).to.equal("REJECT");
      }),
      { seed: 0xb52, numRuns: 300 },
    );
  });

  it("never throws, and accepts no body but the good one, from whoever signs it", async () => {
    const identities = await Promise.all(Object.values(wallets).map((wallet) => identityOf(wallet)));
    const bodies = TOPICS.map((topic) => encodeMessage(topic, GOOD[topic][0] as never));
    fc.assert(
      fc.property(
        fc.constantFrom(...identities),
        fc.integer({ min: 0, max: TOPICS.length - 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.integer({ min: -3, max: 3 }),
        (identity, at, position, flip, growth) => {
          const topic = TOPICS[at]!;
          const good = bodies[at]!;
          const body = Uint8Array.from([...good.subarray(0, good.length + Math.min(0, growth))]);
          body[position % body.length]! ^= flip;
          const longer = Uint8Array.from([...body, ...new Uint8Array(Math.max(0, growth))]);
          const judgement = new Gate(route).judge(sealEnvelope(identity, topic, longer), viewOf(isCommitted(topic)));
          // A few bytes are free: the bid that a proposal announces, the order that it hides, the number of a slot of
          // the same prover. Whatever is signed within is not.
          if (topic !== "proposals" && topic !== "proofs") expect(judgement.verdict).not.to.equal("ACCEPT");
        },
      ),
      { seed: 0xb52, numRuns: 200 },
    );
  });
});
