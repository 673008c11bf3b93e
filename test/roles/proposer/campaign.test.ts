import { expect } from "chai";
import { withFlag } from "../../../src/protocol/flags.ts";
import type { Phase } from "../../../src/protocol/phase.ts";
import { roundId } from "../../../src/protocol/round.ts";
import type { Transcript } from "../../../src/protocol/transcript.ts";
import {
  intentOn,
  actionKey,
  type L1View,
  nextProposer,
  offerKey,
  outputKey,
  parentRefOf,
  PROPOSER_DEFAULTS,
  type ProposerEntry,
  proposerOwn,
  type ProposerOwn,
  type ProposerPolicy,
  type ProposerView,
} from "../../../src/roles/index.ts";
import {
  ACCEPTANCE_ENDS,
  commitOf,
  type CommitOptions,
  ECONOMY,
  keyOfProver,
  l1Of,
  OPENS,
  PARENT,
  PROPOSAL_ENDS,
  PROVING_ENDS,
  REVEAL_ENDS,
  ROUND_NUMBER,
  SLOTS,
} from "../views.ts";
import { draftOf, intentOf, MINE, ownOf, ROUND_ID, viewOf as plainView, votesFor } from "./views.ts";

const BRANCH = 78n;
const NEXT = roundId({ height: 4, attempt: 1 });
const POLICY: ProposerPolicy = {
  ...PROPOSER_DEFAULTS,
  ...{ burnBid: 10n, maxBid: 500n, valueBps: 10_000n, claimFrom: undefined, claimFeesFrom: undefined },
};

/** Two of its blocks are worth something to it. */
const viewOf = (l1: L1View, change: Partial<ProposerView> = {}): ProposerView =>
  plainView(l1, {
    values: new Map([
      [MINE, 200n * 10n ** 14n],
      [BRANCH, 200n * 10n ** 14n],
    ]),
    ...change,
  });
const raise = (burnBid: bigint, proposalId = MINE): ProposerEntry => ({
  ...{ kind: "raise", roundNumber: ROUND_NUMBER, proposalId, burnBid },
});
const rival = (burnBid: bigint, change: Partial<ProposerView["offers"][number]> = {}) => ({
  ...{ proposalId: 900n, proposer: "rival", roundId: ROUND_ID, parent: PARENT, burnBid },
  ...change,
});
const says = (view: ProposerView, own: ProposerOwn, policy: Partial<ProposerPolicy> = {}): string => {
  const action = nextProposer(view, own, { ...POLICY, ...policy });
  switch (action.kind) {
    case "wait":
      return `wait ${action.until ?? "for news"}`;
    case "raise":
    case "offer":
    case "commit":
      return `${action.kind} ${action.proposalId} with ${action.burnBid}`;
    case "draft":
      return `draft on ${action.parent}`;
    default:
      return action.kind;
  }
};

describe("a proposer that hears a rival", () => {
  /** Its campaign: votes from 80 s on, commits from 120 s, the last of them at 140 s. */
  const at = (seconds: bigint, open: L1View["open"] = []): L1View => l1Of("Proposing", { now: OPENS + seconds, open });
  const sent = new Set([offerKey(MINE, 10n), offerKey(MINE, 21n)]);
  const rivalsVotes = (provers: number) => ({ voters: new Map([[900n, provers]]) });
  const commit = (burnBid: bigint, change: Partial<CommitOptions> = {}) =>
    commitOf({ proposalId: 900n, proposer: "rival", burnBid, transcript: [1, 2, 0, 0, 0, 0, 0], ...change });

  it("takes an offer that nobody has voted for as none", () => {
    for (const seconds of [0n, 79n, 80n, 100n, 119n])
      expect(says(viewOf(at(seconds), { sent, offers: [rival(400n)] }), ownOf(draftOf())), `${seconds} s`).to.match(
        /^wait/,
      );
    const view = viewOf(at(120n), { sent, offers: [rival(400n)], ...votesFor(MINE, 1, 2) });
    expect(says(view, ownOf(draftOf()))).to.equal(`commit ${MINE} with 10`);
  });

  it("raises its offer for votes alone: when half of the time for them is over and a rival has twice as many", () => {
    const view = (seconds: bigint, provers: number, change: Partial<ProposerView> = {}) =>
      viewOf(at(seconds), { sent, offers: [rival(20n)], ...rivalsVotes(provers), ...votesFor(MINE, 1), ...change });

    expect(says(view(100n, 3), ownOf(draftOf()))).to.equal(`raise ${MINE} with 104`);
    expect(says(view(99n, 3), ownOf(draftOf())), "votes may be on their way").to.equal(`wait ${OPENS + 100n}`);
    expect(says(view(100n, 2), ownOf(draftOf())), "57 can be bid in the commit").to.equal(`wait ${OPENS + 120n}`);
    const raised = ownOf(draftOf(), raise(104n));
    expect(says(view(100n, 3), raised)).to.equal(`offer ${MINE} with 104`);
    // After a restart it offers what it bid last.
    expect(says(view(100n, 3, { sent: new Set() }), raised)).to.equal(`offer ${MINE} with 104`);
    expect(says(view(100n, 3, { sent: new Set([offerKey(MINE, 104n)]) }), raised)).to.equal(`wait ${OPENS + 120n}`);
  });

  it("offers no more often than peers pass on", () => {
    const own = ownOf(draftOf(), raise(20n), raise(30n));
    const known = new Set([offerKey(MINE, 30n)]);
    const view = viewOf(at(100n), { sent: known, offers: [rival(40n)], ...rivalsVotes(3) });
    expect(says(view, own)).to.equal(`wait ${OPENS + 120n}`);
  });

  it("waits with its commit for an offer that is ahead, and takes it as none when it is not committed at last", () => {
    const view = (seconds: bigint, open: L1View["open"] = [], burnBid = 20n) =>
      viewOf(at(seconds, open), { sent, offers: [rival(burnBid)], ...rivalsVotes(2), ...votesFor(MINE, 1, 2) });
    expect(says(view(120n), ownOf(draftOf()))).to.equal(`wait ${OPENS + 140n}`);
    expect(says(view(140n), ownOf(draftOf())), "a bluff").to.equal(`commit ${MINE} with 10`);
    expect(says(view(121n, [commit(20n)]), ownOf(draftOf())), "it is meant").to.equal(`commit ${MINE} with 21`);
    expect(says(view(120n, [], 9n), ownOf(draftOf())), "who leads does not wait").to.equal(`commit ${MINE} with 10`);
    expect(says(view(121n, [commit(30n)], 99n), ownOf(draftOf())), "what it has committed counts").to.equal(
      `commit ${MINE} with 31`,
    );
  });

  it("gives others as much time again where no window runs", () => {
    const fresh = (seconds: bigint) => l1Of("Expired", { now: OPENS + 1_000n + seconds });
    const roundNumber = ROUND_NUMBER + 2n;
    const id = roundId({ height: 3, attempt: 2 });
    const own = ownOf(draftOf({ roundNumber, roundId: id, draftedAt: OPENS + 1_000n }));
    const view = (seconds: bigint, burnBid: bigint) =>
      viewOf(fresh(seconds), {
        ...{ sent, offers: [rival(burnBid, { roundId: id })], ...rivalsVotes(1), ...votesFor(MINE, 1) },
      });
    expect(says(view(30n, 9n), own)).to.equal(`commit ${MINE} with 10`);
    expect(says(view(30n, 20n), own)).to.equal(`wait ${OPENS + 1_060n}`);
    expect(says(view(60n, 20n), own)).to.equal(`commit ${MINE} with 10`);
  });

  it("cares for rivals in the same round on the same parent alone, and not for itself", () => {
    const own = ownOf(draftOf());
    for (const other of [{ roundId: NEXT }, { parent: 1n }, { proposer: "me" }]) {
      const view = viewOf(at(120n), { sent, offers: [rival(20n, other)], ...rivalsVotes(1), ...votesFor(MINE, 1) });
      expect(says(view, own), JSON.stringify(Object.keys(other))).to.equal(`commit ${MINE} with 10`);
    }
  });

  it("counts no more provers than a block has slots", () => {
    const many = Array.from({ length: SLOTS + 1 }, (_, i) => i + 1);
    const full = commit(20n, { transcript: many.slice(0, SLOTS) });
    const view = viewOf(at(140n, [full]), { sent, ...votesFor(MINE, ...many) });
    expect(says(view, ownOf(draftOf())), "not 17, which would do for eight").to.equal(`commit ${MINE} with 21`);
  });
});

describe("a proposer behind a commit that it cannot beat", () => {
  const l1 = (leader: L1View["open"][number]): L1View => l1Of("Proposing", { now: OPENS + 140n, open: [leader] });
  const leader = (burnBid: bigint, transcript: Transcript = [1, 2, 3, 1, 2, 3, 1]) =>
    commitOf({ proposalId: 900n, proposer: "rival", burnBid, transcript });
  const view = (burnBid: bigint, worth: bigint, change: Partial<ProposerView> = {}) =>
    viewOf(l1(leader(burnBid)), {
      ...{ sent: new Set([offerKey(MINE, 10n)]), values: new Map([[MINE, worth * 10n ** 14n]]) },
      ...votesFor(MINE, 1, 2, 3),
      ...change,
    });

  it("stays with the most that is no paid uncle: real or a bluff, staying costs it nothing", () => {
    // 70.71 % of the leader's bid is half of its score.
    expect(says(view(410n, 400n), ownOf(draftOf()))).to.equal(`commit ${MINE} with 289`);
    expect(says(view(410n, 411n), ownOf(draftOf())), "it can").to.equal(`commit ${MINE} with 411`);
  });

  it("stays within its ceiling, and never below what it has offered", () => {
    expect(says(view(410n, 200n), ownOf(draftOf()))).to.equal(`commit ${MINE} with 200`);
    expect(says(view(410n, 5n), ownOf(draftOf()))).to.equal(`commit ${MINE} with 10`);
    const raised = ownOf(draftOf(), raise(300n));
    const known = { sent: new Set([offerKey(MINE, 300n)]) };
    expect(says(view(410n, 400n, known), raised)).to.equal(`commit ${MINE} with 300`);
  });

  it("stays at its ceiling where it keeps the whole reward, and an uncle earns what it burns", () => {
    const all = ownOf(draftOf({ proverShareBps: 0 }));
    expect(says(view(410n, 400n), all)).to.equal(`commit ${MINE} with 400`);
    const most = 200_000n; // 20 tokens, of which a quarter is what one of two uncles has of ten
    const high = (deposit: bigint) => ({ deposits: [deposit, deposit] as const });
    const rich = { ...high(10n ** 9n), values: new Map([[MINE, 10n ** 24n]]) };
    const says10 = says(view(250_000n, 0n, rich), all, { maxBid: 240_000n });
    expect(says10).to.equal(`commit ${MINE} with ${most}`);
  });

  it("stays at its ceiling where uncles are not paid, and burn nothing", () => {
    for (const change of [{ maxUncles: 0 }, { uncleBurnBps: 0n }])
      expect(says(view(410n, 400n, { economy: { ...ECONOMY, ...change } }), ownOf(draftOf()))).to.equal(
        `commit ${MINE} with 400`,
      );
  });

  it("reveals its block, and submits it though the leader's is proven", () => {
    const own = ownOf(draftOf());
    const open = (phase: Phase, change: Partial<CommitOptions>, rivals: Partial<CommitOptions>) =>
      l1Of(phase, {
        open: [
          commitOf({ proposalId: MINE, proposer: "me", burnBid: 289n, ...change }),
          commitOf({ proposalId: 900n, proposer: "rival", burnBid: 410n, ...rivals }),
        ],
      });
    expect(says(viewOf(open("Revealing", { isRevealed: false }, {})), own)).to.equal("reveal");
    const whole = Array.from({ length: SLOTS }, (_, slot) => ({ slot, mask: 0n, workerKey: keyOfProver(1) }));
    const proofs = new Map([[MINE, whole]]);
    expect(says(viewOf(open("Proving", {}, { delivered: [0, 1, 2] }), { proofs }), own)).to.equal("submit");
  });
});

describe("a proposer that commits ahead", () => {
  const now = ACCEPTANCE_ENDS - 100n;
  const open = [
    commitOf({ proposalId: 1n, proposer: "me", burnBid: 30n, delivered: [0] }),
    commitOf({ proposalId: 2n, proposer: "rival", burnBid: 20n, delivered: [0] }),
    commitOf({ proposalId: 3n, proposer: "third", burnBid: 10n, delivered: [0] }),
  ];
  const l1 = l1Of("Delivering", { now, open });
  const seats = new Map([
    ["me", 1],
    ["rival", 2],
    ["third", 3],
  ]);
  const at = (change: Partial<ProposerView> = {}, next: L1View["next"] = []): ProposerView =>
    viewOf({ ...l1, seats, next }, change);
  const onOne = { roundNumber: ROUND_NUMBER + 1n, roundId: NEXT, parent: 1n, draftedAt: now };
  const onTwo = { ...onOne, parent: 2n, proposalId: BRANCH };
  const sent = new Set([offerKey(MINE, 10n), offerKey(BRANCH, 10n)]);
  const votes = new Map([...votesFor(MINE, 1).votes, ...votesFor(BRANCH, 2).votes]);
  const intent = (proposalId: bigint): ProposerEntry => intentOf({ roundNumber: ROUND_NUMBER + 1n, proposalId });
  const first = commitOf({ proposalId: MINE, proposer: "me", parent: 1n, height: 4 });

  it("drafts on the best parent, then on as many others as it is told", () => {
    const waits = at({ sent, votes });
    expect(says(at(), ownOf())).to.equal("draft on 1");
    const young = { ...onOne, draftedAt: ACCEPTANCE_ENDS };
    expect(says(waits, ownOf(draftOf(young)))).to.equal("draft on 2");
    const both = ownOf(draftOf(young), draftOf({ ...onTwo, draftedAt: ACCEPTANCE_ENDS }));
    expect(says(waits, both)).to.match(/^wait/);
    expect(says(waits, both, { branches: 3 })).to.equal("draft on 3");
    expect(says(waits, ownOf(draftOf(young)), { branches: 1 })).to.match(/^wait/);
  });

  it("commits on one, and on the other when L1 shows the first: a branch names it", () => {
    const own = ownOf(draftOf({ ...onOne, draftedAt: OPENS }), draftOf({ ...onTwo, draftedAt: OPENS }));
    expect(says(at({ sent, votes }), own)).to.equal(`commit ${MINE} with 10`);
    const meant = proposerOwn(own, intent(MINE));
    expect(says(at({ sent, votes }), meant), "sent, not seen").to.equal(`commit ${MINE} with 10`);
    const refused = new Set([actionKey(nextProposer(at({ sent, votes }), meant, POLICY))]);
    expect(says(at({ sent, votes, refused }), meant), "put off").to.match(/^wait/);
    const shown = at({ sent, votes, lanesInUse: [true, false] }, [first]);
    expect(says(shown, meant), "on its own deposit").to.equal(`commit ${BRANCH} with 10`);
    const done = [first, commitOf({ proposalId: BRANCH, proposer: "me", parent: 2n, height: 4 })];
    expect(says(at({ sent, votes }, done), proposerOwn(meant, intent(BRANCH)))).to.match(/^wait/);
  });

  it("names its parent by a seat as long as that is not decided, and by nothing once it is", () => {
    const ahead = { ...l1, seats };
    expect(parentRefOf(ahead, 2n)).to.equal(2);
    expect(parentRefOf({ ...l1Of("Proposing"), seats, open }, 2n)).to.equal(0);
  });

  it("sends what it meant for a parent that is final by now: the window has ended meanwhile", () => {
    const own = proposerOwn(ownOf(draftOf(onOne), draftOf(onTwo)), intent(MINE));
    const late = l1Of("Proposing", { now: PROPOSAL_ENDS - 1n });
    const round = { ...late.round, parent: 1n, commitRoundNumber: ROUND_NUMBER + 1n };
    const decided = { ...late, seats, round };
    expect(says(viewOf(decided, { sent, votes }), own)).to.equal(`commit ${MINE} with 10`);
  });

  it("drafts anew where the fresh round begins with other operations: it could not reveal what it meant", () => {
    const own = proposerOwn(ownOf(draftOf(onOne), draftOf(onTwo)), intent(MINE));
    const late = l1Of("Proposing", { now: PROPOSAL_ENDS - 1n });
    const commitDue = { queueCut: 9n, first: 0, count: 3 };
    const round = { ...late.round, parent: 1n, commitRoundNumber: ROUND_NUMBER + 1n, commitDue };
    expect(says(viewOf({ ...late, seats, round }, { sent, votes }), own)).to.equal("draft on 1");
    const anew = draftOf({ ...onOne, proposalId: 79n, due: { first: 0, count: 3 } });
    expect(
      intentOn(proposerOwn(proposerOwn(own, anew), intent(79n)), ROUND_NUMBER + 1n, {
        parent: 1n,
        due: commitDue,
      }),
    ).to.include({ proposalId: 79n });
  });

  it("begins nothing on a lane that an older commit uses", () => {
    expect(says(at({ lanesInUse: [true, false] }), ownOf())).to.match(/^wait/);
  });

  it("keeps one commit for each parent in a round, and the first of two", () => {
    const own = ownOf(draftOf(onOne), draftOf(onTwo), intent(MINE), intent(BRANCH), {
      ...intent(MINE),
      burnBid: 99n,
    });
    expect(own.commits.map(({ proposalId, burnBid }) => [proposalId, burnBid])).to.deep.equal([
      [MINE, 10n],
      [BRANCH, 10n],
    ]);
  });
});

describe("a proposer whose block is proven by others", () => {
  const all = Array.from({ length: SLOTS }, (_, slot) => slot);
  const proofs = new Map([[MINE, all.map((slot) => ({ slot, workerKey: keyOfProver(1), mask: 0n }))]]);
  const own = ownOf(draftOf(), intentOf());
  const mine = commitOf({ proposalId: MINE, proposer: "me" });
  const ahead = commitOf({ proposalId: 1n, burnBid: 9_999n, delivered: all });

  it("submits as long as L1 accepts it, whatever a rival has shown, and whoever builds on that", () => {
    const next = [commitOf({ proposalId: 5n, parent: 1n, height: 4 })];
    for (const [phase, now] of [
      ["Revealing", PROPOSAL_ENDS],
      ["Proving", REVEAL_ENDS],
      ["Proving", PROVING_ENDS - 1n],
    ] as const) {
      const l1 = l1Of(phase, { now, open: [ahead, mine], next });
      expect(says(viewOf(l1, { proofs }), own, { ahead: false }), `${phase} ${now}`).to.equal("submit");
    }
    const over = l1Of("Delivering", { open: [ahead, mine], next });
    expect(says(viewOf(over, { proofs }), own, { ahead: false })).to.match(/^wait/);
  });

  it("hands in what a forest that somebody else sent leaves out", () => {
    const short = commitOf({ proposalId: MINE, proposer: "me", delivered: [1, 2], voted: all });
    const l1 = l1Of("Delivering", { open: [ahead, short] });
    expect(nextProposer(viewOf(l1, { proofs }), own, { ...POLICY, ahead: false })).to.deep.equal({
      ...{ kind: "handIn", proposalId: MINE, slots: [0, 3, 4, 5, 6] },
    });
  });
});

describe("a proposer in a race whose provers have handed in before there was a forest", () => {
  const all = Array.from({ length: SLOTS }, (_, slot) => slot);
  const proofs = new Map([
    [MINE, all.map((slot) => ({ slot, workerKey: slot === 6 ? 0n : keyOfProver(1), mask: 0n }))],
  ]);
  const own = ownOf(draftOf(), intentOf());
  const proven = commitOf({ proposalId: MINE, proposer: "me", delivered: all });
  const flags = [0, 3, 5, 6].reduce((known, slot) => withFlag(known, "handedIn", slot), proven.candidate!.flags);
  const mine = { ...proven, candidate: { ...proven.candidate!, flags } };
  const race = l1Of("Delivering", { open: [mine] });
  const seeded = { ...race, round: { ...race.round, roundSeed: 7n } };
  const decide = (change: Parameters<typeof viewOf>[1]) =>
    nextProposer(viewOf(seeded, { proofs, ...change }), own, { ...POLICY, ahead: false });

  it("brings their outputs, which a rival's first forest has left out, and the root's apart", () => {
    const nodes = { kind: "handIn", proposalId: MINE, slots: [3, 5] } as const;
    expect(decide({})).to.deep.equal(nodes);
    expect(decide({ refused: new Set([actionKey(nodes)]) })).to.deep.equal({ ...nodes, slots: [0] });
  });

  it("brings them once, after what is not delivered, and nowhere else", () => {
    expect(decide({ sent: new Set([0, 3, 5].map((slot) => outputKey(MINE, slot))) }).kind).to.equal("wait");
    expect(says(viewOf(race, { proofs }), own, { ahead: false })).to.match(/^wait/);
    const short = { ...mine, candidate: { ...mine.candidate, flags: flags.map((word) => word & ~(1n << 66n)) } };
    const l1 = { ...seeded, open: [short] };
    const action = nextProposer(viewOf(l1, { proofs }), own, { ...POLICY, ahead: false });
    expect(action).to.deep.equal({ kind: "handIn", proposalId: MINE, slots: [2] });
  });
});

describe("a proposer and a decided block", () => {
  const open = [
    commitOf({ proposalId: 1n, proposer: "me", delivered: [0] }),
    commitOf({ proposalId: 2n, proposer: "rival", isRevealed: true }),
  ];
  const theirs = [
    commitOf({ proposalId: 2n, proposer: "rival", delivered: [0] }),
    commitOf({ proposalId: 1n, proposer: "me" }),
  ];

  it("makes its own final at once, and those of others when nobody has", () => {
    expect(says(viewOf(l1Of("Advanceable", { open })), ownOf())).to.equal("advance");
    const now = ACCEPTANCE_ENDS + 60n;
    expect(says(viewOf(l1Of("Advanceable", { open: theirs })), ownOf())).to.equal(`wait ${now}`);
    expect(says(viewOf(l1Of("Advanceable", { open: theirs, now })), ownOf())).to.equal("advance");
    expect(says(viewOf(l1Of("Advanceable", { open })), ownOf(), { advanceAfter: undefined })).to.match(/^wait/);
  });

  it("claims its fees in the asset of the L2, when there are enough", () => {
    const view = (fees: bigint) => viewOf(l1Of("Advanceable", { open: theirs }), { fees });
    expect(says(view(99n), ownOf(), { claimFeesFrom: 100n })).to.match(/^wait/);
    expect(says(view(100n), ownOf(), { claimFeesFrom: 100n })).to.equal("claimFees");
    expect(says(view(100n), ownOf())).to.match(/^wait/);
  });
});
