import { expect } from "chai";
import { duties } from "../../../src/roles/prover/order.ts";
import { type L1Commit, nextProver, type ProverView } from "../../../src/roles/index.ts";
import { ACCEPTANCE_ENDS, commitOf, ECONOMY, l1Of, PROPOSAL_ENDS, PROVING_ENDS } from "../views.ts";
import { BLOCK, ownOf, POLICY, proofOf, viewOf, voteFor } from "./views.ts";

const RIVAL = 78n;
const FILL = PROPOSAL_ENDS + 800n;
const both = ownOf(voteFor(BLOCK, 7), voteFor(RIVAL, 7));
const provable = new Set([BLOCK, RIVAL]);
const order = (view: ProverView, own = both): string[] =>
  duties(view, own, 1).map(({ commit, slot }) => `${commit.proposalId} ${slot}`);

describe("the order in which a prover keeps its promises", () => {
  it("begins with what is worth most: the block that is likely to win, and pays more", () => {
    const open = [commitOf({ proposalId: RIVAL, burnBid: 80n }), commitOf({ proposalId: BLOCK, burnBid: 100n })];
    // Both are within reach of being paid, so both have a slash to avert; the better bid has the better chance.
    expect(order(viewOf(l1Of("Proving", { open }), { provable }))).to.deep.equal([
      ...["77 0", "77 3", "77 6"],
      ...["78 0", "78 3", "78 6"],
    ]);
    const dear = open.map((commit) =>
      commit.proposalId === RIVAL
        ? {
            ...commit,
            commitment: { ...commit.commitment, terms: { ...commit.commitment.terms, proverShareBps: 10_000 } },
          }
        : commit,
    );
    expect(order(viewOf(l1Of("Proving", { open: dear }), { provable }))[0], "64 x 100 % against 100 x 50 %").to.equal(
      "78 0",
    );
  });

  it("keeps a promise that can be charged before one in a block that pays more and owes nothing", () => {
    const open = [
      commitOf({ proposalId: RIVAL, burnBid: 70n, delivered: [] }),
      commitOf({ proposalId: BLOCK, burnBid: 71n }),
    ];
    expect(order(viewOf(l1Of("Proving", { open }), { provable })).slice(0, 3)).to.deep.equal(["77 0", "77 3", "77 6"]);
    // 45 to 70 is out of reach of being paid: 41 % of the score. It pays eight times as much, and owes nothing.
    const withShare = (commit: L1Commit, proverShareBps: number): L1Commit => ({
      ...commit,
      commitment: { ...commit.commitment, terms: { ...commit.commitment.terms, proverShareBps } },
    });
    const [poor, rich] = [withShare(open[0]!, 500), withShare(commitOf({ proposalId: BLOCK, burnBid: 45n }), 10_000)];
    const hopeless = l1Of("Proving", { open: [poor, rich] });
    expect(order(viewOf(hopeless, { provable })).slice(0, 3)).to.deep.equal(["78 0", "78 3", "78 6"]);
    // Where nothing can be charged it is the other way round.
    const free = { ...ECONOMY, eligibleStake: 0n };
    expect(order(viewOf(hopeless, { provable, economy: free }))[0]).to.equal("77 0");
  });

  it("goes by the second: what takes half as long comes first", () => {
    const open = [commitOf({ proposalId: BLOCK })];
    const view = viewOf(l1Of("Proving", { open }), { rates: { RootRollup: 4, MergeRollup: 2, BaseRollup: 2 } });
    expect(order(view)).to.deep.equal(["77 3", "77 6", "77 0"]);
  });

  it("leaves for the end what cannot be ready in time", () => {
    const now = ACCEPTANCE_ENDS - 10n;
    const open = [commitOf({ proposalId: BLOCK, delivered: [], voted: [0, 3, 6] })];
    const economy = { ...ECONOMY, nodeWeights: 0x0001_0001_0fffn };
    const rates = { RootRollup: 11, MergeRollup: 3, BaseRollup: 3 };
    expect(order(viewOf(l1Of("Delivering", { open, now }), { rates, economy }))).to.deep.equal([
      "77 3",
      "77 6",
      "77 0",
    ]);
    const early = l1Of("Delivering", { open, now: now - 1n });
    expect(order(viewOf(early, { rates, economy }))[0]).to.equal("77 0");
  });

  it("has no duty in what is made, in hand, or delivered, nor where no vote can count any more", () => {
    const open = [commitOf({ proposalId: BLOCK, delivered: [6] })];
    const proving = l1Of("Proving", { open });
    expect(order(viewOf(proving), ownOf(voteFor(BLOCK, 7), proofOf(0)))).to.deep.equal(["77 3"]);
    expect(order(viewOf(proving, { inHand: new Set(["77 3"]) }))).to.deep.equal(["77 0"]);
    expect(order(viewOf(l1Of("Delivering", { open })))).to.deep.equal([]);
    expect(order(viewOf(l1Of("Proving", { open }), { provable: new Set() }))).to.deep.equal([]);
  });
});

describe("a prover that fills in for others", () => {
  const open = [commitOf({ proposalId: BLOCK })];
  const own = ownOf(voteFor(BLOCK, 7), proofOf(0), proofOf(3), proofOf(6));
  const sent = new Set(["77 0", "77 3", "77 6"]);
  const proofs = new Map([[BLOCK, [1, 2].map((slot) => ({ slot, mask: 0n, workerKey: 0n }))]]);
  const view = viewOf(l1Of("Proving", { open, now: FILL }), { sent, proofs });
  const says = (cost: bigint, change: Partial<ProverView> = {}): string => {
    const action = nextProver({ ...view, ...change }, own, { ...POLICY, fillsWhatPays: true, costPerSlot: cost });
    return action.kind === "prove" ? `prove ${action.slot}` : action.kind;
  };
  /** What its three of seven slots earn, of 50 tokens. */
  const pay = (3n * 50n * 10n ** 18n) / 7n;

  it("does so where its own slots earn more than the two gaps cost", () => {
    expect(says(pay / 2n - 1n)).to.equal("prove 4");
    expect(says(pay / 2n + 1n)).to.equal("wait");
  });

  it("counts the chance that the block wins", () => {
    const rival = commitOf({ proposalId: RIVAL });
    const l1 = { ...view.l1, open: [...open, rival] };
    expect(says(pay / 4n - 10n, { l1 })).to.equal("prove 4");
    expect(says(pay / 4n + 10n, { l1 })).to.equal("wait");
  });

  it("does not begin what cannot be there before the last forest is taken", () => {
    const at = (now: bigint) => ({ l1: { ...view.l1, now }, rates: { BaseRollup: 30 } });
    expect(says(1n, at(PROVING_ENDS - 31n))).to.equal("prove 4");
    expect(says(1n, at(PROVING_ENDS - 30n))).to.equal("wait");
  });
});
