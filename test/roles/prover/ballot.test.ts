import { expect } from "chai";
import { type BallotTerms, castBallot, type Offer } from "../../../src/roles/index.ts";
import { CERTAIN } from "../../../src/roles/prover/chances.ts";
import { PARENT, SLOTS } from "../views.ts";
import { offerOf } from "./views.ts";

const REWARD = 10n ** 20n;
const OTHER = PARENT + 1n;

const terms = (change: Partial<BallotTerms> = {}): BallotTerms => ({
  ...{ blockReward: REWARD, fairShareBps: 0, slots: SLOTS, maxSlots: SLOTS, eligible: 6, costPerSlot: 1n },
  ...{ voters: new Map(), committed: [], parentChance: () => CERTAIN, trust: () => CERTAIN, free: () => 100 },
  ...change,
});
const ids = (offers: readonly Offer[], by: BallotTerms): bigint[] =>
  castBallot(offers, by).map(({ proposalId }) => proposalId);

describe("a prover's ballot", () => {
  it("prefers what a slot is likely to earn: a share, times the chance of a bid", () => {
    const offers = [
      offerOf(1n, 10n),
      offerOf(2n, 20n, { proverShareBps: 2_000 }),
      offerOf(3n, 9n, { proverShareBps: 9_000 }),
    ];
    // 400 x 20 %, 81 x 90 %, 100 x 50 %, of a sum of 581.
    expect(ids(offers, terms())).to.deep.equal([2n, 3n, 1n]);
  });

  it("weighs a bid by the provers whose votes were heard for it: 27 to 1 by provers, 25 to 1 by bids", () => {
    const offers = [offerOf(1n, 50n), offerOf(2n, 10n)];
    expect(ids(offers, terms({ eligible: 2 }))).to.deep.equal([1n, 2n]);
    const voters = new Map([
      [1n, 1],
      [2n, 3],
    ]);
    expect(ids(offers, terms({ eligible: 0, voters }))).to.deep.equal([2n, 1n]);
    expect(ids(offers, terms({ eligible: 0, voters: new Map([[2n, 2]]) }))).to.deep.equal([1n, 2n]);
    // Who has said nothing may still vote for it: 1 + 2 of 5 that are left against 3 + 2 of 3.
    expect(ids([offerOf(1n, 22n), offerOf(2n, 10n)], terms({ eligible: 6, voters }))).to.deep.equal([1n, 2n]);
    expect(ids([offerOf(1n, 13n), offerOf(2n, 10n)], terms({ eligible: 6, voters }))).to.deep.equal([2n, 1n]);
  });

  it("counts what is committed against an offer, and the chance of what it builds on for it", () => {
    const cost = REWARD / BigInt(2 * SLOTS) / 4n;
    const offers = [offerOf(1n, 10n)];
    const rival = { parent: PARENT, provers: 3, burnBid: 17n };
    expect(ids(offers, terms({ costPerSlot: cost }))).to.deep.equal([1n]);
    expect(ids(offers, terms({ costPerSlot: cost, committed: [rival] })), "389 of 100").to.deep.equal([1n]);
    expect(ids(offers, terms({ costPerSlot: cost, committed: [{ ...rival, burnBid: 18n }] }))).to.deep.equal([]);
    expect(ids(offers, terms({ costPerSlot: cost, committed: [{ ...rival, burnBid: 18n, parent: OTHER }] }))).to.eql([
      1n,
    ]);
    expect(ids(offers, terms({ costPerSlot: cost, parentChance: () => CERTAIN / 4n }))).to.deep.equal([]);
    expect(ids(offers, terms({ costPerSlot: cost, parentChance: () => CERTAIN / 3n }))).to.deep.equal([1n]);
  });

  it("asks for the bid that was offered, and promises no more than one may hold, nor than is free on a parent", () => {
    const offers = [offerOf(1n, 10n), offerOf(2n, 8n), offerOf(3n, 8n, { parent: OTHER })];
    const said = (by: BallotTerms) =>
      castBallot(offers, by).map(({ proposalId, capacity, minBurnBid }) => [proposalId, capacity, minBurnBid]);
    expect(said(terms({ free: () => 9 }))).to.deep.equal([
      [3n, 7, 8n],
      [1n, 7, 10n],
      [2n, 2, 8n],
    ]);
    expect(said(terms({ free: () => 3, maxSlots: 2 }))).to.deep.equal([
      [3n, 2, 8n],
      [1n, 2, 10n],
      [2n, 1, 8n],
    ]);
    expect(said(terms({ free: (parent) => (parent === OTHER ? 0 : 7) }))).to.deep.equal([[1n, 7, 10n]]);
  });

  it("has one vote for a proposer on a parent: it commits to one of its offers there", () => {
    const mine = { proposer: "me" };
    const offers = [
      offerOf(1n, 50n, mine),
      offerOf(2n, 51n, mine),
      offerOf(3n, 49n, { ...mine, parent: OTHER }),
      offerOf(4n, 48n),
    ];
    expect(ids(offers, terms())).to.have.members([2n, 3n, 4n]);
  });

  it("leaves out what does not pay for its proofs", () => {
    const slot = REWARD / BigInt(2 * SLOTS);
    expect(ids([offerOf(1n, 1n)], terms({ costPerSlot: slot }))).to.deep.equal([]);
    expect(ids([offerOf(1n, 1n)], terms({ costPerSlot: slot - 1n }))).to.deep.equal([1n]);
    expect(ids([offerOf(1n, 1n, { proverShareBps: 0 })], terms())).to.deep.equal([]);
    expect(ids([], terms())).to.deep.equal([]);
  });

  it("is paid by head where the deployment says so: a share of 60 % among three, for three slots each", () => {
    const fair = { fairShareBps: 6_000, eligible: 6 };
    const slot = (REWARD * 6n) / 10n / 3n / 3n;
    const offers = [offerOf(1n, 1n, { proverShareBps: 6_000 })];
    expect(ids(offers, terms({ ...fair, costPerSlot: slot }))).to.deep.equal([]);
    expect(ids(offers, terms({ ...fair, costPerSlot: slot - 1n }))).to.deep.equal([1n]);
  });
});
