import { expect } from "chai";
import { createPeerScoreParams, PeerScore } from "@libp2p/gossipsub/score";
import { RejectReason } from "@libp2p/gossipsub/types";
import { Offences } from "../../src/gossip/libp2p/offences.ts";
import { SCORE_THRESHOLDS, scoreParams } from "../../src/gossip/libp2p/scores.ts";

const TOPICS = ["votes", "proofs"];
const PEER = "peer";

/** gossipsub's scores by the parameters of this network, in a time of their own. */
describe("scores of peers", () => {
  const { now } = Date;
  let time = 0;
  let offences: Offences;
  let scores: PeerScore;

  beforeEach(() => {
    time = now();
    Date.now = () => time;
    const silent = Object.assign(() => undefined, { error: () => undefined, trace: () => undefined });
    const logger = { forComponent: () => silent } as never;
    offences = new Offences(() => time);
    scores = new PeerScore(createPeerScoreParams(scoreParams(TOPICS, false, offences)), null, logger, {
      scoreCacheValidityMs: 0,
    });
    scores.addPeer(PEER);
    scores.addIP(PEER, "192.0.2.1");
    for (const topic of TOPICS) scores.graft(PEER, topic);
  });
  afterEach(() => {
    Date.now = now;
  });

  const pass = (seconds: number): void => {
    for (let i = 0; i < seconds; i++) {
      time += 1_000;
      scores.refreshScores();
    }
  };
  const deliver = (message: string): void => {
    scores.validateMessage(message);
    scores.deliverMessage(PEER, message, "votes");
  };
  const refuse = (message: string, reason: RejectReason): void => {
    scores.validateMessage(message);
    scores.rejectMessage(PEER, message, "votes", reason);
    if (reason === RejectReason.Reject) offences.add(PEER);
  };

  it("do not fall in ten minutes of silence, nor when the peer leaves the mesh after that", () => {
    for (let i = 0; i < 600; i++) {
      pass(1);
      expect(scores.score(PEER)).to.be.at.least(0);
    }
    scores.prune(PEER, "votes");
    pass(60);
    expect(scores.score(PEER)).to.be.at.least(0);
  });

  it("do not fall for ten thousand messages that are too much for this node, among others that are good", () => {
    for (let i = 0; i < 10_000; i++) {
      if (i % 10 === 0) deliver(`good ${i}`);
      else refuse(`too much ${i}`, RejectReason.Ignore);
      if (i % 1_000 === 0) pass(1);
    }
    expect(scores.score(PEER)).to.be.at.least(0);
  });

  it("survive one forgery that slipped through, and three silence a peer for minutes, not for ever", () => {
    for (let i = 0; i < 100; i++) deliver(`good ${i}`);
    refuse("forged 1", RejectReason.Reject);
    expect(scores.score(PEER)).to.be.greaterThan(SCORE_THRESHOLDS.gossipThreshold);
    for (const i of [2, 3]) refuse(`forged ${i}`, RejectReason.Reject);
    expect(scores.score(PEER)).to.be.lessThan(SCORE_THRESHOLDS.graylistThreshold);
    pass(30);
    expect(scores.score(PEER)).to.be.lessThan(SCORE_THRESHOLDS.publishThreshold);
    pass(600);
    expect(scores.score(PEER)).to.be.at.least(0);
  });

  it("outlive the connection: coming back wipes nothing", () => {
    for (const i of [1, 2, 3]) refuse(`forged ${i}`, RejectReason.Reject);
    scores.removePeer(PEER);
    scores.addPeer(PEER);
    expect(scores.score(PEER)).to.be.lessThan(SCORE_THRESHOLDS.graylistThreshold);
  });
});
