import { expect } from "chai";
import fc from "fast-check";
import {
  encodeMessage,
  ENVELOPE_BYTES,
  Gate,
  isSealed,
  type Judgement,
  MAX_BYTES,
  MAX_CERTIFICATE_SECONDS,
  NetworkKey,
  openEnvelope,
  QUOTA,
  sealEnvelope,
  signCertificate,
  type Topic,
  TOPICS,
} from "../../src/gossip/index.ts";
import { MalformedError } from "../../src/protocol/errors.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
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
      it(`rejects a message on ${topic} of which the ${field} was changed`, async () => {
        const bytes = Uint8Array.from(await goodBytes(topic));
        const index = at < 0 ? bytes.length + at : at;
        for (const bit of [1, 128]) {
          const changed = Uint8Array.from(bytes);
          changed[index]! ^= bit;
          expect(new Gate(route).judge(changed, viewOf(isCommitted(topic))).verdict, `bit ${bit}`).to.equal("REJECT");
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
    expect(await certified(NOW + MAX_CERTIFICATE_SECONDS + 1n)).to.equal("REJECT certificate lives too long");
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

  it("ignores what a sender says beyond its quota, and nobody else's", async () => {
    const gate = new Gate(route);
    const identity = await identityOf(wallets.prover);
    for (let i = 0; i <= QUOTA.votes; i++) {
      const body = encodeMessage("votes", { ...vote, minBurnBid: BigInt(i + 2) });
      const expected = i < QUOTA.votes ? "REJECT bad vote signature" : "IGNORE over quota";
      expect(said(gate.judge(sealEnvelope(identity, "votes", body), viewOf(false)))).to.equal(expected);
    }
    expect(said(gate.judge(await goodBytes("proposals"), viewOf(false)))).to.equal("ACCEPT");
    // Transactions are counted by the minute.
    const user = await identityOf(wallets.user);
    const sent = (i: number, now: bigint) => {
      const body = encodeMessage("transactions", { ...transfer, from: 0, nonce: BigInt(i) });
      return said(gate.judge(sealEnvelope(user, "transactions", body), viewOf(false, { now })));
    };
    const minute = NOW - (NOW % 60n);
    for (let i = 0; i < QUOTA.transactions; i++) expect(sent(i, minute)).to.equal("REJECT sender is no account");
    expect(sent(QUOTA.transactions, minute + 59n)).to.equal("IGNORE over quota");
    expect(sent(QUOTA.transactions, minute + 60n)).to.equal("REJECT sender is no account");
  });

  it("counts nothing for what it does not know, so that made-up names push no count out", async () => {
    const gate = new Gate(route);
    const identity = await identityOf(wallets.prover);
    const nothing = { proposals: new Map(), rounds: [] };
    for (let i = 0; i <= QUOTA.votes; i++) {
      const body = encodeMessage("votes", { ...vote, minBurnBid: BigInt(i + 2) });
      const judged = said(gate.judge(sealEnvelope(identity, "votes", body), viewOf(false, nothing)));
      expect(judged).to.equal("IGNORE proposal is unknown");
    }
    expect(said(gate.judge(await goodBytes("votes"), viewOf(false)))).to.equal("ACCEPT");
    const proposer = await identityOf(wallets.proposer);
    for (let i = 0; i <= QUOTA.proposals; i++) {
      const body = encodeMessage("proposals", { ...offer, burnBid: BigInt(i + 2) });
      const judged = said(gate.judge(sealEnvelope(proposer, "proposals", body), viewOf(false, nothing)));
      expect(judged).to.equal("IGNORE round takes no commits");
    }
  });

  it("takes no more proofs of a sender than two for each slot", async () => {
    const gate = new Gate(route);
    const identity = await identityOf(wallets.prover);
    for (let i = 0; i <= 2 * slotCount(profile); i++) {
      const body = encodeMessage("proofs", { ...proof, workerKey: 5n, beta: BigInt(i) });
      const expected = i < 2 * slotCount(profile) ? "REJECT worker is not the slot's" : "IGNORE over quota";
      expect(said(gate.judge(sealEnvelope(identity, "proofs", body), viewOf(true)))).to.equal(expected);
    }
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
