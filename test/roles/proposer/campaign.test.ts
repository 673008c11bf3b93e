import { expect } from "chai";
import { roundId } from "../../../src/protocol/round.ts";
import {
  intentOn,
  keyOf,
  type L1View,
  nextProposer,
  NO_PROPOSALS,
  offerKey,
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
  forest,
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

const MINE = 77n;
const BRANCH = 78n;
const THIS = roundId({ height: 3, attempt: 1 });
const NEXT = roundId({ height: 4, attempt: 1 });
const POLICY: ProposerPolicy = {
  ...PROPOSER_DEFAULTS,
  ...{ burnBid: 10n, maxBid: 500n, valueBps: 10_000n, claimFrom: undefined, claimFeesFrom: undefined },
};

const viewOf = (l1: L1View, change: Partial<ProposerView> = {}): ProposerView => ({
  ...{ l1, forest, me: "me", rewards: 0n, fees: 0n, lanesInUse: [false, false], deposits: [1_000n, 1_000n] },
  ...{ votes: new Map(), offers: [], voters: new Map(), proofs: new Map(), sent: new Set(), refused: new Set() },
  values: new Map([
    [MINE, 200n * 10n ** 14n],
    [BRANCH, 200n * 10n ** 14n],
  ]),
  buildable: new Set([PARENT, 1n, 2n, 3n]),
  ...change,
});
const draft = (change: Partial<Extract<ProposerEntry, { kind: "draft" }>> = {}): ProposerEntry => ({
  ...{ kind: "draft", roundNumber: ROUND_NUMBER, roundId: THIS, parent: PARENT, due: { first: 0, count: 0 } },
  ...{ proverShareBps: 5_000, burnBid: 10n, orderCommitment: "0x01", proposalId: MINE, salt: "0x02" },
  ...{ txsRoot: 1n, txCount: 0n, operations: "0x", elements: [], blobs: [], draftedAt: OPENS },
  ...change,
});
const raise = (burnBid: bigint, proposalId = MINE): ProposerEntry => ({
  ...{ kind: "raise", roundNumber: ROUND_NUMBER, proposalId, burnBid },
});
const ownOf = (...entries: ProposerEntry[]): ProposerOwn => entries.reduce(proposerOwn, NO_PROPOSALS);
const rival = (burnBid: bigint, change: Partial<ProposerView["offers"][number]> = {}) => ({
  ...{ proposalId: 900n, proposer: "rival", roundId: THIS, parent: PARENT, burnBid },
  ...change,
});
const votesFor = (proposalId: bigint, ...provers: readonly number[]) => ({
  votes: new Map([
    [
      proposalId,
      provers.map((prover) => ({
        prover,
        vote: {
          ...{ proposalId, depth: 0, index: 0, capacity: SLOTS, minBurnBid: 1n },
          key: { x: 0n, y: keyOfProver(prover) },
          signature: { r8: { x: 0n, y: 0n }, s: 0n },
        },
      })),
    ],
  ]),
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
  const l1 = l1Of("Proposing");
  const sent = new Set([offerKey(MINE, 10n)]);
  const hears = (...offers: ProposerView["offers"][number][]) => viewOf(l1, { sent, offers });

  it("raises its bid in its journal, then offers it", () => {
    expect(says(hears(rival(9n)), ownOf(draft()))).to.match(/^wait/);
    expect(says(hears(rival(20n)), ownOf(draft()))).to.equal(`raise ${MINE} with 21`);
    const raised = ownOf(draft(), raise(21n));
    expect(says(hears(rival(20n)), raised)).to.equal(`offer ${MINE} with 21`);
    const both = new Set([...sent, offerKey(MINE, 21n)]);
    expect(says(viewOf(l1, { sent: both, offers: [rival(20n)] }), raised)).to.match(/^wait/);
    // After a restart it offers what it bid last.
    expect(says(viewOf(l1, { offers: [rival(20n)] }), raised)).to.equal(`offer ${MINE} with 21`);
  });

  it("cares for rivals in the same round on the same parent alone, and not for itself", () => {
    const own = ownOf(draft());
    for (const other of [{ roundId: NEXT }, { parent: 1n }, { proposer: "me" }])
      expect(says(hears(rival(20n, other)), own), JSON.stringify(Object.keys(other))).to.match(/^wait/);
    const committed = commitOf({
      proposalId: 900n,
      proposer: "rival",
      burnBid: 30n,
      transcript: [1, 0, 0, 0, 0, 0, 0],
    });
    const view = viewOf({ ...l1, open: [committed] }, { sent, offers: [rival(99n)] });
    expect(says(view, own), "what it has committed counts, not what it offered").to.equal(`raise ${MINE} with 31`);
  });

  it("compares the provers whose votes were heard for both", () => {
    const view = viewOf(l1, { sent, offers: [rival(10n)], voters: new Map([[900n, 3]]), ...votesFor(MINE, 1, 2) });
    expect(says(view, ownOf(draft()))).to.equal(`raise ${MINE} with 19`);
    expect(says({ ...view, ...votesFor(MINE, 1, 2, 3, 4) }, ownOf(draft()))).to.match(/^wait/);
  });

  it("offers no more often than peers pass on, and bids what is left to bid in the commit", () => {
    const own = ownOf(draft(), raise(20n), raise(30n));
    const offers = [rival(40n)];
    const known = new Set([offerKey(MINE, 30n)]);
    expect(says(viewOf(l1, { sent: known, offers }), own)).to.match(/^wait/);
    const late = l1Of("Proposing", { now: PROPOSAL_ENDS - 40n });
    const view = viewOf(late, { sent: known, offers, voters: new Map([[900n, 1]]), ...votesFor(MINE, 1) });
    expect(says(view, own)).to.equal(`commit ${MINE} with 41`);
  });

  it("stays with its bid where the block does not carry more", () => {
    const late = l1Of("Proposing", { now: PROPOSAL_ENDS - 40n });
    const view = (worth: bigint) =>
      viewOf(late, {
        ...{ sent, offers: [rival(150n)], values: new Map([[MINE, worth * 10n ** 14n]]) },
        ...votesFor(MINE, 1),
      });
    expect(says(view(150n), ownOf(draft()))).to.equal(`commit ${MINE} with 10`);
    expect(says(view(151n), ownOf(draft()))).to.equal(`raise ${MINE} with 151`);
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
  const intent = (proposalId: bigint): ProposerEntry => ({
    ...{ kind: "commit", roundNumber: ROUND_NUMBER + 1n, proposalId, burnBid: 10n },
    ...{ transcript: [1, 0, 0, 0, 0, 0, 0], votes: [] },
  });
  const first = commitOf({ proposalId: MINE, proposer: "me", parent: 1n, height: 4 });

  it("drafts on the best parent, then on as many others as it is told", () => {
    const waits = at({ sent, votes });
    expect(says(at(), ownOf())).to.equal("draft on 1");
    const young = { ...onOne, draftedAt: ACCEPTANCE_ENDS };
    expect(says(waits, ownOf(draft(young)))).to.equal("draft on 2");
    const both = ownOf(draft(young), draft({ ...onTwo, draftedAt: ACCEPTANCE_ENDS }));
    expect(says(waits, both)).to.match(/^wait/);
    expect(says(waits, both, { branches: 3 })).to.equal("draft on 3");
    expect(says(waits, ownOf(draft(young)), { branches: 1 })).to.match(/^wait/);
  });

  it("commits on one, and on the other when L1 shows the first: a branch names it", () => {
    const own = ownOf(draft({ ...onOne, draftedAt: OPENS }), draft({ ...onTwo, draftedAt: OPENS }));
    expect(says(at({ sent, votes }), own)).to.equal(`commit ${MINE} with 10`);
    const meant = proposerOwn(own, intent(MINE));
    expect(says(at({ sent, votes }), meant), "sent, not seen").to.equal(`commit ${MINE} with 10`);
    const refused = new Set([keyOf(nextProposer(at({ sent, votes }), meant, POLICY))]);
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
    const own = proposerOwn(ownOf(draft(onOne), draft(onTwo)), intent(MINE));
    const late = l1Of("Proposing", { now: PROPOSAL_ENDS - 1n });
    const round = { ...late.round, parent: 1n, commitRoundNumber: ROUND_NUMBER + 1n };
    const decided = { ...late, seats, round };
    expect(says(viewOf(decided, { sent, votes }), own)).to.equal(`commit ${MINE} with 10`);
  });

  it("drafts anew where the fresh round begins with other operations: it could not reveal what it meant", () => {
    const own = proposerOwn(ownOf(draft(onOne), draft(onTwo)), intent(MINE));
    const late = l1Of("Proposing", { now: PROPOSAL_ENDS - 1n });
    const commitDue = { queueCut: 9n, first: 0, count: 3 };
    const round = { ...late.round, parent: 1n, commitRoundNumber: ROUND_NUMBER + 1n, commitDue };
    expect(says(viewOf({ ...late, seats, round }, { sent, votes }), own)).to.equal("draft on 1");
    const anew = draft({ ...onOne, proposalId: 79n, due: { first: 0, count: 3 } });
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
    const own = ownOf(draft(onOne), draft(onTwo), intent(MINE), intent(BRANCH), {
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
  const own = ownOf(draft(), {
    ...{ kind: "commit", roundNumber: ROUND_NUMBER, proposalId: MINE, burnBid: 10n },
    ...{ transcript: [1, 0, 0, 0, 0, 0, 0], votes: [] },
  });
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
