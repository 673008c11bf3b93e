import { expect } from "chai";
import fc from "fast-check";
import { PHASES } from "../../src/protocol/phase.ts";
import { roundId } from "../../src/protocol/round.ts";
import {
  intentOn,
  actionKey,
  type L1View,
  nextProposer,
  NO_PROPOSALS,
  offerKey,
  PROPOSER_DEFAULTS,
  type ProposerOwn,
  type ProposerPolicy,
  type ProposerView,
} from "../../src/roles/index.ts";
import {
  ACCEPTANCE_ENDS,
  commitOf,
  ROUND_NUMBER,
  keyOfProver,
  l1Of,
  OPENS,
  PARENT,
  PROPOSAL_ENDS,
  PROVING_ENDS,
  SLOTS,
} from "./views.ts";
import { draftOf, intentOf, MINE, ownOf, viewOf, voteOf, votesFor } from "./proposer/views.ts";

const policy: ProposerPolicy = {
  ...PROPOSER_DEFAULTS,
  ...{
    burnBid: 10n,
    maxBid: 10n,
    branches: 1,
    advanceAfter: undefined,
    claimFrom: undefined,
    claimFeesFrom: undefined,
  },
};
const FILL = PROPOSAL_ENDS + 800n;

const { votes: voted } = votesFor(MINE, 1, 2, 3);
const sent = new Set([offerKey(MINE, 10n)]);
const mine = (change: Partial<Parameters<typeof commitOf>[0]> = {}) =>
  commitOf({ proposalId: MINE, proposer: "me", ...change });
const proofsOf = (
  slots: readonly number[],
  named: readonly number[] = slots,
  masks: Readonly<Record<number, bigint>> = {},
) =>
  new Map([
    [
      MINE,
      slots.map((slot) => ({ slot, workerKey: named.includes(slot) ? keyOfProver(1) : 0n, mask: masks[slot] ?? 0n })),
    ],
  ]);
const all = Array.from({ length: SLOTS }, (_, slot) => slot);

const says = (view: ProposerView, own: ProposerOwn = NO_PROPOSALS, by = policy): string => {
  const action = nextProposer(view, own, by);
  if (action.kind === "wait") return `wait ${action.until ?? "for news"}`;
  return "proposalId" in action ? `${action.kind} ${action.proposalId}` : action.kind;
};

describe("what a proposer does next", () => {
  describe("in a window for proposals", () => {
    const l1 = l1Of("Proposing");
    it("drafts, offers, waits for votes, and commits late in the window", () => {
      expect(nextProposer(viewOf(l1), NO_PROPOSALS, policy)).to.deep.equal({
        ...{
          kind: "draft",
          roundNumber: ROUND_NUMBER,
          roundId: roundId({ height: 3, attempt: 1 }),
          parent: PARENT,
        },
      });
      expect(says(viewOf(l1), ownOf(draftOf()))).to.equal(`offer ${MINE}`);
      expect(says(viewOf(l1, { sent, votes: voted }), ownOf(draftOf()))).to.equal(`wait ${PROPOSAL_ENDS - 40n}`);
      const late = l1Of("Proposing", { now: PROPOSAL_ENDS - 40n });
      expect(nextProposer(viewOf(late, { sent, votes: voted }), ownOf(draftOf()), policy)).to.deep.include({
        ...{ kind: "commit", proposalId: MINE },
      });
    });

    it("does not commit without as many provers as it wants", () => {
      const late = l1Of("Proposing", { now: PROPOSAL_ENDS - 40n });
      const view = viewOf(late, { sent, votes: voted });
      expect(says(view, ownOf(draftOf()), { ...policy, minProvers: 3 })).to.equal(`commit ${MINE}`);
      expect(says(view, ownOf(draftOf()), { ...policy, minProvers: 4 })).to.equal(`wait ${PROPOSAL_ENDS}`);
      const dear = new Map([[MINE, [voteOf(1, { minBurnBid: 11n })]]]);
      expect(says(viewOf(late, { sent, votes: dear }), ownOf(draftOf()))).to.equal(`wait ${PROPOSAL_ENDS}`);
    });

    it("sends again what it meant to commit, until L1 shows it", () => {
      const own = ownOf(draftOf(), intentOf());
      expect(says(viewOf(l1), own)).to.equal(`commit ${MINE}`);
      expect(nextProposer(viewOf(l1, { votes: voted }), own, policy)).to.deep.equal({
        ...{ kind: "commit", proposalId: MINE, transcript: [1, 0, 0, 0, 0, 0, 0], burnBid: 10n },
      });
      expect(says(viewOf({ ...l1, open: [mine()] }), own)).to.equal(`wait ${PROPOSAL_ENDS}`);
    });

    it("does nothing on a state that it does not know, or with a lane that is in use", () => {
      expect(says(viewOf(l1, { buildable: new Set() }))).to.equal(`wait ${PROPOSAL_ENDS}`);
      expect(says(viewOf(l1, { lanesInUse: [false, true] }))).to.equal(`wait ${PROPOSAL_ENDS}`);
      expect(says(viewOf(l1, { lanesInUse: [true, false] }))).to.equal("draft");
    });

    it("drafts and offers nothing that its deposit does not cover", () => {
      const [l1, { burnBid }] = [l1Of("Proposing"), policy];
      const does = (even: bigint, odd: bigint) =>
        nextProposer(viewOf(l1, { deposits: [even, odd] }), NO_PROPOSALS, policy).kind;
      const isEven = l1.round.commitRound!.height % 2 === 0;
      const [enough, short] = [burnBid, burnBid - 1n];
      expect(isEven ? does(short, enough) : does(enough, short)).to.equal("wait");
      expect(isEven ? does(enough, short) : does(short, enough)).to.equal("draft");
    });

    it("frees its own lane first, and leaves others theirs", () => {
      const unsettled = [mine().commitment, commitOf({ proposalId: 9n }).commitment];
      expect(nextProposer(viewOf({ ...l1, unsettled }), NO_PROPOSALS, policy)).to.deep.equal({
        ...{ kind: "settle", commitment: unsettled[0] },
      });
    });

    it("goes on with what comes next when an action was refused", () => {
      const view = viewOf({ ...l1, unsettled: [mine().commitment] });
      const refused = new Set([actionKey(nextProposer(view, NO_PROPOSALS, policy))]);
      expect(says({ ...view, refused })).to.equal("draft");
    });
  });

  describe("in the acceptance window", () => {
    it("reveals while that is possible, and no more after that", () => {
      const open = [mine({ isRevealed: false })];
      const own = ownOf(draftOf(), intentOf());
      expect(says(viewOf(l1Of("Revealing", { open })), own)).to.equal(`reveal ${MINE}`);
      expect(says(viewOf(l1Of("Proving", { open })), own)).not.to.contain("reveal");
    });

    it("does not reveal on a dead parent: L1 does not count such a commit among the open ones", () => {
      expect(says(viewOf(l1Of("Revealing")), ownOf(draftOf(), intentOf()))).to.equal(`wait ${ACCEPTANCE_ENDS - 400n}`);
    });

    it("submits once, when each slot has a proof, and not when it is too late", () => {
      const own = ownOf(draftOf(), intentOf());
      const view = (proofs: ProposerView["proofs"], phase: "Proving" | "Delivering" = "Proving") =>
        viewOf(l1Of(phase, { open: [mine()] }), { sent, proofs });
      expect(says(view(proofsOf(all.slice(1))), own)).not.to.contain("submit");
      expect(says(view(proofsOf(all, [])), own)).to.equal(`submit ${MINE}`);
      expect(says(view(proofsOf(all), "Delivering"), own)).not.to.contain("submit");
    });

    it("hands in what comes later: deliveries of what was voted for, and votes while they count", () => {
      const own = ownOf(draftOf(), intentOf());
      const slotsAt = (now: bigint, proofs: ProposerView["proofs"]): unknown => {
        const open = [mine({ delivered: [1, 2], voted: [1, 2, 3, 5] })];
        const phase = now < PROVING_ENDS ? "Proving" : "Delivering";
        const action = nextProposer(viewOf(l1Of(phase, { now, open }), { sent, proofs }), own, policy);
        return action.kind === "handIn" && action.slots;
      };
      expect(slotsAt(FILL, proofsOf(all, [1, 2]))).to.equal(false);
      expect(slotsAt(FILL, proofsOf(all, [1, 5, 3]))).to.deep.equal([3, 5]);
      expect(slotsAt(FILL - 1n, proofsOf(all, [1, 5, 3])), "there is time").to.equal(false);
      expect(slotsAt(PROVING_ENDS, proofsOf(all, [5]))).to.deep.equal([5]);
      // Nobody has a use for the proof of a slot without a vote, unless the vote comes with it: slot 4 is the second
      // child of slot 1, slot 6 of slot 2.
      expect(slotsAt(FILL, proofsOf(all, [4]))).to.equal(false);
      expect(slotsAt(FILL, proofsOf(all, [4], { 1: 0b10n }))).to.deep.equal([1, 4]);
      expect(slotsAt(PROVING_ENDS, proofsOf(all, [4], { 1: 0b10n }))).to.equal(false);
      expect(slotsAt(FILL, proofsOf(all, [], { 1: 0b01n, 2: 0b01n })), "known votes").to.equal(false);
      // The root shows its own vote behind those of its children.
      expect(slotsAt(FILL, proofsOf(all, [], { 0: 0b011n }))).to.equal(false);
      expect(slotsAt(FILL, proofsOf(all, [], { 0: 0b100n }))).to.deep.equal([0]);
    });

    it("proposes ahead in the last quarter, on the leader of those that can still win", () => {
      const rivals = [
        commitOf({ proposalId: 1n, burnBid: 10n, delivered: [0] }),
        commitOf({ proposalId: 2n, burnBid: 99n }),
        commitOf({ proposalId: 3n, burnBid: 999n, isRevealed: false }),
      ];
      const at = (now: bigint, change: Partial<L1View> = {}) => l1Of("Proving", { now, open: rivals, ...change });
      const quarter = ACCEPTANCE_ENDS - 400n;
      expect(says(viewOf(at(quarter - 1n)))).to.equal(`wait ${quarter}`);
      expect(nextProposer(viewOf(at(quarter)), NO_PROPOSALS, policy)).to.deep.include({
        ...{ kind: "draft", roundNumber: ROUND_NUMBER + 1n, parent: 1n },
      });
      expect(says(viewOf(at(quarter)), NO_PROPOSALS, { ...policy, ahead: false })).to.equal(`wait ${ACCEPTANCE_ENDS}`);
      expect(says(viewOf(at(quarter), { buildable: new Set([2n]) }))).to.equal(`wait ${ACCEPTANCE_ENDS}`);
    });

    it("builds on the best that it can where nobody has proven anything yet", () => {
      const open = [commitOf({ proposalId: 1n, burnBid: 99n }), commitOf({ proposalId: 2n, burnBid: 10n })];
      const view = viewOf(l1Of("Proving", { now: ACCEPTANCE_ENDS - 400n, open }), { buildable: new Set([2n]) });
      expect(nextProposer(view, NO_PROPOSALS, policy)).to.deep.include({ kind: "draft", parent: 2n });
    });

    it("drafts anew when another parent leads, and never commits to one that cannot win any more", () => {
      const quarter = ACCEPTANCE_ENDS - 400n;
      const onTwo = draftOf({ roundNumber: ROUND_NUMBER + 1n, parent: 2n });
      const open = [commitOf({ proposalId: 1n, delivered: [0] }), commitOf({ proposalId: 2n })];
      expect(nextProposer(viewOf(l1Of("Proving", { now: quarter, open })), ownOf(onTwo), policy)).to.deep.include({
        ...{ kind: "draft", parent: 1n },
      });
      const own = ownOf(onTwo, intentOf({ roundNumber: ROUND_NUMBER + 1n }));
      const view = (isRevealed: boolean) =>
        viewOf(l1Of("Proving", { now: quarter, open: [commitOf({ proposalId: 2n, isRevealed })] }));
      expect(says(view(true), own)).to.equal(`commit ${MINE}`);
      expect(says(view(false), own)).to.equal(`wait ${ACCEPTANCE_ENDS}`);
    });
  });

  it("opens a new attempt after its patience, and settles before", () => {
    const now = ACCEPTANCE_ENDS + 100n;
    const l1 = l1Of("Expired");
    const attempt = { roundNumber: ROUND_NUMBER + 2n, roundId: roundId({ height: 3, attempt: 2 }) };
    expect(nextProposer(viewOf(l1), NO_PROPOSALS, policy)).to.deep.include({ kind: "draft", ...attempt });
    const own = ownOf(draftOf({ ...attempt, draftedAt: now }));
    expect(says(viewOf(l1, { sent, votes: voted }), own)).to.equal(`wait ${now + 30n}`);
    expect(says(viewOf({ ...l1, now: now + 30n }, { sent, votes: voted }), own)).to.equal(`commit ${MINE}`);
    expect(says(viewOf({ ...l1, unsettled: [mine().commitment] }), own)).to.equal("settle");
  });

  it("leaves a decided block to those who make it final, and does nothing on a chain that has ended", () => {
    for (const phase of ["NotStarted", "Advanceable", "Frozen"] as const)
      expect(says(viewOf(l1Of(phase))), phase).to.match(/^wait/);
  });

  it("claims what has come together", () => {
    const by = { ...policy, claimFrom: 100n };
    const l1 = l1Of("Advanceable");
    expect(says(viewOf(l1, { rewards: 99n }), NO_PROPOSALS, by)).to.equal("wait for news");
    expect(says(viewOf(l1, { rewards: 100n }), NO_PROPOSALS, by)).to.equal("claim");
    expect(says(viewOf(l1, { rewards: 100n }))).to.equal("wait for news");
  });

  it("never commits twice to a round, nor on a dead parent, whatever it sees", () => {
    const roundNumbers = [ROUND_NUMBER, ROUND_NUMBER + 1n, ROUND_NUMBER + 2n];
    const drafts = roundNumbers.flatMap((roundNumber) =>
      [PARENT, 1n, 2n].map((parent, i) => draftOf({ roundNumber, parent, proposalId: 10n * roundNumber + BigInt(i) })),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...PHASES),
        fc.bigInt({ min: OPENS, max: ACCEPTANCE_ENDS + 200n }),
        fc.subarray(drafts),
        fc.array(fc.nat(drafts.length - 1), { maxLength: 3 }),
        fc.subarray([1n, 2n]),
        fc.subarray([1n, 2n]),
        fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
        (phase, now, some, intents, open, proven, inUse) => {
          const known = intents.map((i) => drafts[i]!);
          const own = ownOf(
            ...some,
            ...known,
            ...known.map(({ roundNumber, proposalId }) => intentOf({ roundNumber, proposalId })),
          );
          const commits = open.map((proposalId) =>
            commitOf({
              proposalId,
              isRevealed: proven.includes(proposalId),
              ...(proven.includes(proposalId) && { delivered: [0] }),
            }),
          );
          const votes = new Map(own.drafts.map(({ proposalId }) => [proposalId, [voteOf(1)]]));
          const offered = new Set(own.drafts.map(({ proposalId }) => offerKey(proposalId, 10n)));
          const l1 = l1Of(phase, { now, open: commits });
          const lanesInUse = [inUse[0]!, inUse[1]!] as const;
          const action = nextProposer(viewOf(l1, { votes, sent: offered, lanesInUse }), own, policy);
          if (action.kind !== "commit") return;
          const chosen = own.drafts.find(({ proposalId }) => proposalId === action.proposalId)!;
          const meant = intentOn(own, chosen.roundNumber, chosen);
          if (meant !== undefined) expect(action.proposalId).to.equal(meant.proposalId);
          expect(chosen.roundNumber).to.equal(l1.round.commitRoundNumber);
          const isAhead = phase === "Revealing" || phase === "Proving" || phase === "Delivering";
          const alive = commits.filter(({ reveal }) => phase !== "Proving" || reveal !== undefined);
          if (isAhead) expect(alive.map(({ proposalId }) => proposalId)).to.include(chosen.parent);
          else expect(chosen.parent).to.equal(PARENT);
          // The same decision again: nothing but what it has seen and done counts.
          expect(nextProposer(viewOf(l1, { votes, sent: offered, lanesInUse }), own, policy)).to.deep.equal(action);
        },
      ),
      { seed: 0xb52, numRuns: 2_000 },
    );
  });
});
