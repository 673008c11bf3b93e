import { expect } from "chai";
import { nextProver, type ProverView } from "../../../src/roles/index.ts";
import { unprovenContenders } from "../../../src/roles/prover/unproven.ts";
import { ACCEPTANCE_ENDS, commitOf, keyOfProver, l1Of, PROVING_ENDS, SLOTS } from "../views.ts";
import { BLOCK, ownOf, POLICY, proofOf, viewOf, voteFor } from "./views.ts";

const CURE = PROVING_ENDS - 200n;
/** The first of three has its turn after a quarter of what is left, the others at equal distances. */
const TURN = CURE + 50n;
const LAST = ACCEPTANCE_ENDS - 200n;
const RIVAL = 78n;
const all = Array.from({ length: SLOTS }, (_, slot) => slot);
const heard = (slots: readonly number[], key = 0n) =>
  new Map([[BLOCK, slots.map((slot) => ({ slot, mask: 0n, workerKey: key }))]]);
const own = ownOf(voteFor(BLOCK, 7), proofOf(0), proofOf(3), proofOf(6));
const sent = new Set(["77 0", "77 3", "77 6"]);

describe("a prover whose proposer brings no forest", () => {
  const open = [commitOf({ proposalId: BLOCK })];
  const pay = (3n * 50n * 10n ** 18n) / 7n;
  const says = (now: bigint, change: Partial<ProverView> = {}, cost: bigint | undefined = pay - 10n): string => {
    const view = viewOf(l1Of("Proving", { open, now }), { sent, proofs: heard([1, 2, 4, 5]), ...change });
    const action = nextProver(view, own, { ...POLICY, costPerForest: cost });
    return action.kind === "wait" ? `wait ${action.until}` : action.kind;
  };

  it("submits it itself, late, when each slot has a proof and its slots earn more than that costs", () => {
    expect(says(TURN - 1n)).to.equal(`wait ${TURN}`);
    expect(says(TURN)).to.equal("complete");
    expect(says(TURN, { proofs: heard([1, 2, 4]) }), "slot 5 has none").to.equal("wait undefined");
    expect(says(TURN, {}, pay)).to.equal("wait undefined");
    expect(says(TURN, { provable: new Set() })).to.equal("wait undefined");
    const never = nextProver(viewOf(l1Of("Proving", { open, now: TURN }), { sent, proofs: heard(all) }), own, POLICY);
    expect(never.kind).to.equal("wait");
  });

  it("leaves it to who has more in it, and comes next", () => {
    const second = { index: 2, key: keyOfProver(2) };
    const theirs = ownOf(voteFor(BLOCK, 7), proofOf(1), proofOf(4));
    const view = viewOf(l1Of("Proving", { open, now: TURN }), {
      ...second,
      proofs: heard(all),
      sent: new Set(["77 1", "77 4"]),
    });
    expect(nextProver(view, theirs, { ...POLICY, costPerForest: 1n })).to.deep.equal({
      kind: "wait",
      until: TURN + 50n,
    });
  });

  it("does nothing for a block that has a forest, or when none is taken any more", () => {
    const candidate = [commitOf({ proposalId: BLOCK, delivered: all })];
    expect(says(TURN, { l1: l1Of("Proving", { open: candidate, now: TURN }) })).to.equal("wait undefined");
    expect(says(PROVING_ENDS, { l1: l1Of("Delivering", { open, now: PROVING_ENDS }) })).to.equal("wait undefined");
  });
});

describe("a prover at the very end of a window", () => {
  const open = [commitOf({ proposalId: BLOCK, delivered: [3, 6], voted: all })];
  const says = (now: bigint, helps: boolean, proofs = heard([1, 4], keyOfProver(2))) => {
    const view = viewOf(l1Of("Delivering", { open, now }), { sent, proofs });
    const action = nextProver(view, own, { ...POLICY, handsIn: true, helps });
    return action.kind === "handIn" ? [action.slots, action.others] : action;
  };

  it("takes deliveries of others along, if it is asked to, that nobody has shown L1", () => {
    expect(says(LAST - 1n, true), "they may come by themselves").to.deep.equal([[0], []]);
    expect(says(LAST, true)).to.deep.equal([[0], [1, 4]]);
    expect(says(LAST, false)).to.deep.equal([[0], []]);
    expect(says(LAST, true, heard([1, 4])), "proofs without a name deliver nothing").to.deep.equal([[0], []]);
    expect(says(LAST, true, heard([0, 3], keyOfProver(1))), "its own, or delivered").to.deep.equal([[0], []]);
  });

  it("shows them also when its own are there, in a block in which it has slots", () => {
    const done = [commitOf({ proposalId: BLOCK, delivered: [0, 3, 6], voted: all })];
    const by = { ...POLICY, handsIn: true, helps: true };
    const view = (now: bigint) =>
      viewOf(l1Of("Delivering", { open: done, now }), { sent, proofs: heard([1], keyOfProver(2)) });
    expect(nextProver(view(LAST), own, by)).to.deep.equal({
      ...{ kind: "handIn", proposalId: BLOCK, slots: [], others: [1] },
    });
    expect(nextProver(view(LAST - 1n), own, by)).to.deep.equal({ kind: "wait", until: LAST });
    expect(nextProver(view(LAST), ownOf(), by).kind).to.equal("wait");
  });
});

describe("blocks without a forest that would win with one", () => {
  const ids = (...open: Parameters<typeof commitOf>[0][]): bigint[] =>
    unprovenContenders(l1Of("Proving", { open: open.map(commitOf) })).map(({ proposalId }) => proposalId);

  it("are the one that leads, and all that a proven one outranks for now", () => {
    const [low, high] = [
      { proposalId: BLOCK, burnBid: 10n },
      { proposalId: RIVAL, burnBid: 20n },
    ];
    expect(ids(low, high)).to.deep.equal([RIVAL]);
    expect(ids({ ...low, delivered: all }, high)).to.deep.equal([RIVAL]);
    expect(ids(low, { ...high, delivered: all })).to.deep.equal([]);
    expect(ids({ ...low, delivered: all }, high, { proposalId: 79n, burnBid: 15n })).to.deep.equal([RIVAL, 79n]);
    expect(ids({ ...low, delivered: all })).to.deep.equal([]);
    expect(ids({ ...low, delivered: all }, { ...high, isRevealed: false })).to.deep.equal([]);
  });

  it("have their provers keep votes and proofs on L1, though a lower bid is proven", () => {
    const open = [commitOf({ proposalId: BLOCK, burnBid: 20n }), commitOf({ proposalId: RIVAL, delivered: all })];
    const view = viewOf(l1Of("Proving", { open, now: CURE }), { sent });
    expect(nextProver(view, own, { ...POLICY, handsIn: true })).to.deep.equal({
      ...{ kind: "handIn", proposalId: BLOCK, slots: [3, 6], others: [] },
    });
  });
});
