import { expect } from "chai";
import fc from "fast-check";
import { nextProver, type ProverEntry, voteKey } from "../../../src/roles/index.ts";
import { freeSlots } from "../../../src/roles/prover/capacity.ts";
import { decodeRates, encodeRates, learn, type Rates } from "../../../src/roles/prover/rates.ts";
import { commitOf, ECONOMY, l1Of, OPENS, PARENT, PROPOSAL_ENDS, ROUND_NUMBER } from "../views.ts";
import { offerOf, ownOf, POLICY, viewOf, voteFor } from "./views.ts";
import { expectNear } from "../../support/expectNear.ts";

const OTHER = PARENT + 1n;
/** Half of the acceptance window, of which 70 % are promised: 560 s. */
const BUDGET = 560;
const policy = { ...POLICY, capacity: 1_000 };

describe("what a prover can still promise", () => {
  const l1 = l1Of("Proposing");

  it("is what it can prove in half an acceptance window at 70 % of its measured rate", () => {
    const free = (rates: Rates, jobs = 1): number =>
      freeSlots(viewOf(l1, { rates }), ownOf(), { ...policy, jobs }, PARENT);
    expect(free({})).to.equal(BUDGET);
    expect(free({ BaseRollup: 10, MergeRollup: 4, RootRollup: 2 })).to.equal(56);
    expect(free({ BaseRollup: 10, MergeRollup: 40, RootRollup: 2 }), "any slot may be its").to.equal(14);
    expect(free({ BaseRollup: 10, MergeRollup: 4, RootRollup: 2, OperationRollup: 20 })).to.equal(28);
    expect(free({ BaseRollup: 10, MergeRollup: 4, RootRollup: 2 }, 2)).to.equal(112);
    expect(free({ BaseRollup: 1_000 }), "a machine that is too slow").to.equal(0);
    expect(freeSlots(viewOf(l1), ownOf(), { ...policy, capacity: 9 }, PARENT), "its operator's limit").to.equal(9);
  });

  it("adds up what it has promised to rivals: all of them may be proven", () => {
    const own = ownOf(voteFor(1n, 100), voteFor(2n, 200));
    expect(freeSlots(viewOf(l1), own, policy, PARENT)).to.equal(BUDGET - 300);
    expect(freeSlots(viewOf(l1), ownOf(voteFor(1n, 600)), policy, PARENT), "never below 0").to.equal(0);
    expect(freeSlots(viewOf(l1), own, { ...policy, capacity: 310 }, PARENT)).to.equal(10);
  });

  it("does not add up what builds on different parents: one of them wins", () => {
    const own = ownOf(voteFor(1n, 100), voteFor(2n, 200, { parent: OTHER }));
    expect(freeSlots(viewOf(l1), own, policy, PARENT)).to.equal(BUDGET - 100);
    expect(freeSlots(viewOf(l1), own, policy, OTHER)).to.equal(BUDGET - 200);
  });

  it("counts of a committed block the slots that it holds there, and nothing for what can no longer come", () => {
    const own = ownOf(voteFor(1n, 100));
    const open = [commitOf({ proposalId: 1n, transcript: [1, 2, 3, 1, 2, 3, 1] })];
    expect(freeSlots(viewOf({ ...l1, open }), own, policy, PARENT)).to.equal(BUDGET - 3);
    const slow = { rates: { RootRollup: 100 } };
    expect(freeSlots(viewOf({ ...l1, open }, slow), own, policy, PARENT), "458 s left").to.equal(4);
    const rival = [commitOf({ proposalId: 2n, proposer: "proposer of 1" })];
    expect(freeSlots(viewOf({ ...l1, open: rival }), own, policy, PARENT), "it has committed to another").to.equal(
      BUDGET,
    );
    const cheap = [commitOf({ proposalId: 1n, burnBid: 9n })];
    expect(freeSlots(viewOf({ ...l1, open: cheap }), own, policy, PARENT), "for less than it asked").to.equal(BUDGET);
    const before = ownOf(voteFor(1n, 100, { roundNumber: ROUND_NUMBER - 1n }));
    expect(freeSlots(viewOf(l1), before, policy, PARENT), "of another round").to.equal(BUDGET);
  });

  it("is free again as soon as commits end, for all that L1 does not show: a bluff holds it for a window", () => {
    const bluffs = ownOf(voteFor(1n, 280), voteFor(2n, 280));
    const last = l1Of("Proposing", { now: PROPOSAL_ENDS - 1n });
    expect(freeSlots(viewOf(last), bluffs, policy, PARENT), "each may be committed in the last second").to.equal(0);
    for (const phase of ["Revealing", "Proving", "Delivering", "Advanceable", "Expired"] as const)
      expect(freeSlots(viewOf(l1Of(phase)), bluffs, policy, PARENT), phase).to.equal(BUDGET);
    // What was promised to the next height meanwhile counts until the commits to that end.
    const ahead = ownOf(voteFor(1n, 280), voteFor(3n, 100, { roundNumber: ROUND_NUMBER + 1n }));
    expect(freeSlots(viewOf(l1Of("Delivering")), ahead, policy, PARENT)).to.equal(BUDGET - 100);
  });

  it("is never exceeded by its votes for one parent, whatever is offered, in whatever order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 50n }), fc.constantFrom(PARENT, OTHER)), { maxLength: 8 }),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(30),
        (bids, seconds, capacity) => {
          const all = bids.map(([burnBid, parent], i) => offerOf(BigInt(i), burnBid, { parent }));
          const own: ProverEntry[] = [];
          const sent = new Set<string>();
          const by = { ...POLICY, capacity, secondsPerProof: seconds };
          // Offers come one by one, and each time all is said that there is to say.
          for (let heard = 1; heard <= all.length; heard++) {
            for (;;) {
              const now = OPENS + 80n;
              const view = viewOf({ ...l1, now }, { offers: all.slice(0, heard), sent });
              const action = nextProver(view, ownOf(...own), by);
              if (action.kind !== "vote") break;
              own.push(voteFor(action.proposalId, action.capacity, action));
              sent.add(voteKey(action.proposalId));
            }
          }
          const votes = ownOf(...own).votes;
          for (const parent of [PARENT, OTHER]) {
            const promised = votes.filter((vote) => vote.parent === parent);
            const slots = promised.reduce((sum, vote) => sum + vote.capacity, 0);
            expect(slots).to.be.at.most(capacity);
            expect(slots * seconds).to.be.at.most((0.7 * Number(ECONOMY.acceptanceWindow)) / 2);
          }
          expect(new Set(votes.map(({ proposalId }) => proposalId)).size).to.equal(votes.length);
        },
      ),
      { seed: 0xb52, numRuns: 300 },
    );
  });
});

describe("the measured rates of a prover", () => {
  it("begin with the first proof of a circuit, and follow a change by a fifth each time", () => {
    let rates = learn({}, "BaseRollup", 10);
    expect(rates).to.deep.equal({ BaseRollup: 10 });
    rates = learn(rates, "BaseRollup", 20);
    expect(rates).to.deep.equal({ BaseRollup: 12 });
    for (let i = 0; i < 30; i++) rates = learn(rates, "BaseRollup", 20);
    expectNear(rates.BaseRollup!, 20, 0.1);
    expect(learn(rates, "RootRollup", 3).RootRollup).to.equal(3);
  });

  it("survive a restart, and what cannot be read is measured anew", () => {
    const rates = { BaseRollup: 1.25, RootRollup: 3 };
    expect(decodeRates(encodeRates(rates))).to.deep.equal(rates);
    for (const encoded of [undefined, "", "[]x", '{"BaseRollup":-1}', '{"Nobody":1}', '{"BaseRollup":"1"}'])
      expect(decodeRates(encoded), encoded).to.deep.equal({});
  });
});
