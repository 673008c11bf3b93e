import { expect } from "chai";
import fc from "fast-check";
import { packFlags } from "../../src/protocol/flags.ts";
import { encodeVote } from "../../src/protocol/messages.ts";
import { shownVotes } from "../../src/protocol/nodes.ts";
import { encodeTranscript } from "../../src/protocol/transcript.ts";
import {
  nextProver,
  NO_DUTIES,
  type Offer,
  PROVER_DEFAULTS,
  type ProverEntry,
  proverOwn,
  type ProverOwn,
  type ProverPolicy,
  type ProverView,
  slotKey,
  voteKey,
} from "../../src/roles/index.ts";
import {
  ACCEPTANCE_ENDS,
  commitOf,
  ROUND_NUMBER,
  forest,
  keyOfProver,
  l1Of,
  OPENS,
  PARENT,
  PROPOSAL_ENDS,
  PROVING_ENDS,
  SLOTS,
} from "./views.ts";
import { BLOCK, viewOf } from "./prover/views.ts";

const policy: ProverPolicy = {
  ...PROVER_DEFAULTS,
  ...{ capacity: 10, jobs: 4, secondsPerProof: 1, fillsWhatPays: false, claimFrom: undefined },
};
const FILL = PROPOSAL_ENDS + 800n;
const CURE = PROVING_ENDS - 200n;
const LAST = ACCEPTANCE_ENDS - 200n;

const heardOf = (...slots: readonly number[]) =>
  new Map([[BLOCK, slots.map((slot) => ({ slot, mask: 0n, workerKey: 0n }))]]);
const ownOf = (...entries: ProverEntry[]): ProverOwn => entries.reduce(proverOwn, NO_DUTIES);
const NONE = { x: 0n, y: 1n };
const voteEntry = (
  proposalId: bigint,
  capacity: number,
  roundNumber = ROUND_NUMBER,
  minBurnBid = 10n,
): ProverEntry => ({
  ...{ kind: "vote", roundNumber, proposalId, proposer: `proposer of ${proposalId}`, parent: PARENT, capacity },
  vote: encodeVote({
    ...{ proposalId, depth: 0, index: 0, capacity, minBurnBid, key: NONE, signature: { r8: NONE, s: 0n } },
  }),
});
const proofEntry = (slot: number, workerKey = keyOfProver(1), mask = 0n): ProverEntry => ({
  ...{
    kind: "proof",
    plan: "",
    roundNumber: ROUND_NUMBER,
    proposalId: BLOCK,
    slot,
    mask,
    workerKey,
    beta: 0n,
    proof: "0x",
  },
});
const ballotEntry: ProverEntry = { kind: "ballot", roundNumber: ROUND_NUMBER, proposalId: BLOCK, votes: [] };

const says = (view: ProverView, own: ProverOwn = NO_DUTIES, by = policy): string => {
  const action = nextProver(view, own, by);
  if (action.kind === "wait") return `wait ${action.until ?? "for news"}`;
  const { kind } = action;
  if (kind === "prove") return `prove ${action.slot}${action.isNamed ? "" : " without a name"}`;
  if (kind === "handIn") return `handIn ${action.slots.join(" ")}`;
  return "slot" in action ? `${kind} ${action.slot}` : "proposalId" in action ? `${kind} ${action.proposalId}` : kind;
};
const offer = (proposalId: bigint, burnBid: bigint, proverShareBps: number, change: Partial<Offer> = {}): Offer => ({
  ...{ proposalId, burnBid, proverShareBps, proposer: `proposer of ${proposalId}`, parent: PARENT },
  ...change,
});

describe("what a prover does next", () => {
  const offers = [offer(1n, 10n, 5_000), offer(2n, 9n, 5_000)];

  it("votes in the second half of a window, within its capacity, and says again what it has written", () => {
    const half = OPENS + 80n;
    const at = (now: bigint) => viewOf(l1Of("Proposing", { now }), { offers });
    expect(says(at(half - 1n))).to.equal(`wait ${half}`);
    expect(nextProver(at(half), NO_DUTIES, policy)).to.deep.equal({
      ...{ kind: "vote", roundNumber: ROUND_NUMBER, proposalId: 1n, capacity: 7, minBurnBid: 10n },
      ...{ proposer: "proposer of 1", parent: PARENT },
    });
    const once = ownOf(voteEntry(1n, 7));
    expect(says(at(half), once)).to.equal("sayVote 1");
    const sent = new Set([voteKey(1n), voteKey(2n)]);
    expect(nextProver({ ...at(half), sent }, once, policy)).to.deep.include({ proposalId: 2n, capacity: 3 });
    expect(says({ ...at(half), sent }, ownOf(voteEntry(1n, 7), voteEntry(2n, 3)))).to.equal("wait for news");
    // What was promised in another round binds nobody in this one.
    expect(nextProver(at(half), ownOf(voteEntry(9n, 10, ROUND_NUMBER - 1n)), policy)).to.deep.include({ capacity: 7 });
  });

  it("votes at once where no window runs, and for the next height late in the one before", () => {
    expect(says(viewOf(l1Of("Expired"), { offers }))).to.equal("vote 1");
    const late = ACCEPTANCE_ENDS - 200n;
    const open = [commitOf({ proposalId: PARENT, delivered: [0], transcript: [0, 0, 0, 0, 0, 0, 0] })];
    expect(says(viewOf(l1Of("Proving", { now: late - 1n, open }), { offers }))).to.equal(`wait ${late}`);
    expect(nextProver(viewOf(l1Of("Delivering", { now: late, open }), { offers }), NO_DUTIES, policy)).to.deep.include({
      ...{ kind: "vote", roundNumber: ROUND_NUMBER + 1n },
    });
  });

  it("has voted for all offers of a proposer on a parent when it has voted for one", () => {
    const mine = { proposer: "me" };
    const both = [offer(1n, 10n, 5_000, mine), offer(2n, 50n, 5_000, mine)];
    const view = viewOf(l1Of("Proposing", { now: OPENS + 80n }), { offers: both, sent: new Set([voteKey(1n)]) });
    const own = ownOf({ ...voteEntry(1n, 3), ...mine });
    expect(says(view, own)).to.equal("wait for news");
    expect(says({ ...view, offers: [...both, offer(3n, 9n, 5_000)] }, own)).to.equal("vote 3");
  });

  it("does not vote for what is committed", () => {
    const l1 = l1Of("Proposing", { now: OPENS + 80n, open: [commitOf({ proposalId: 1n })] });
    expect(says(viewOf(l1, { offers }))).to.equal("vote 2");
    expect(says(viewOf(l1, { offers }), ownOf(voteEntry(1n, 7)))).to.equal("vote 2");
  });

  describe("when a block is revealed", () => {
    const open = [commitOf({ proposalId: BLOCK, transcript: [1, 2, 3, 1, 2, 3, 0] })];
    const l1 = l1Of("Revealing", { open });
    /** What one says that has voted for the block. */
    const tells = (view: ProverView, own: ProverOwn = NO_DUTIES, by = policy): string =>
      says(view, proverOwn(own, voteEntry(BLOCK, SLOTS)), by);

    it("keeps what it needs before all else", () => {
      expect(tells(viewOf(l1, { voters: new Map([[BLOCK, 1]]) }))).to.equal(`keep ${BLOCK}`);
      expect(tells(viewOf(l1, { voters: new Map([[BLOCK, 1]]) }), ownOf(ballotEntry))).to.equal("prove 0");
    });

    it("proves its slots, as many at a time as it can, and publishes", () => {
      expect(tells(viewOf(l1))).to.equal("prove 0");
      const one = new Set([slotKey(BLOCK, 0)]);
      expect(tells(viewOf(l1, { inHand: one }))).to.equal("prove 3");
      expect(tells(viewOf(l1, { inHand: one }), NO_DUTIES, { ...policy, jobs: 1 })).to.equal("wait for news");
      expect(tells(viewOf(l1), ownOf(proofEntry(0)))).to.equal("publish 0");
      expect(tells(viewOf(l1, { sent: one }), ownOf(proofEntry(0)))).to.equal("prove 3");
      const both = new Set([slotKey(BLOCK, 0), slotKey(BLOCK, 3)]);
      expect(tells(viewOf(l1, { sent: both }), ownOf(proofEntry(0), proofEntry(3)))).to.equal(`wait ${FILL}`);
    });

    it("proves nothing by its name for a block in which its vote does not count", () => {
      const filling = `wait ${FILL}`;
      expect(says(viewOf(l1)), "no vote").to.equal(filling);
      expect(says(viewOf(l1), ownOf(voteEntry(BLOCK, 1))), "two slots for a promise of one").to.equal(filling);
      expect(says(viewOf(l1), ownOf(voteEntry(BLOCK, 2, ROUND_NUMBER, 11n))), "a lower bid").to.equal(filling);
      expect(says(viewOf(l1), ownOf(voteEntry(BLOCK, 2)))).to.equal("prove 0");
    });

    it("waits for what it needs", () => {
      expect(tells(viewOf(l1, { provable: new Set() }))).to.equal("wait for news");
    });

    it("proves nothing for a key that is not eligible in the round", () => {
      const keys = open[0]!.keys.map(() => 0n);
      expect(tells(viewOf({ ...l1, open: [{ ...open[0]!, keys }] }))).to.equal(`wait ${FILL}`);
    });

    it("leaves alone what L1 has as delivered", () => {
      const l1 = l1Of("Proving", { open: [commitOf({ proposalId: BLOCK, delivered: [0, 3, 6] })] });
      expect(tells(viewOf(l1), ownOf(proofEntry(0)))).to.equal("wait for news");
      const handedIn = {
        ...commitOf({ proposalId: BLOCK }),
        handedIn: packFlags(SLOTS, { delivered: (slot) => slot % 3 === 0 && slot < 6 }),
      };
      expect(tells(viewOf(l1Of("Proving", { open: [handedIn] })))).to.equal("prove 6");
    });

    it("fills in for others in the second half, in its turn, each slot once", () => {
      const after = (seconds: bigint) => l1Of("Proving", { now: FILL + seconds, open });
      const everySlot = [0, 1, 2, 3, 4, 5, 6];
      // Longer than all turns take.
      const late = after(150n);
      const sent = new Set(everySlot.map((slot) => slotKey(BLOCK, slot)));
      const proofs = heardOf(0, 1, 3);
      let own = ownOf(proofEntry(0), proofEntry(1, 0n, 1n), proofEntry(3));
      const filled: number[] = [];
      for (;;) {
        const [, slot] = /^prove (\d) without a name$/.exec(tells(viewOf(late, { sent, proofs }), own)) ?? [];
        if (slot === undefined) break;
        filled.push(Number(slot));
        own = proverOwn(own, proofEntry(Number(slot), 0n));
      }
      expect(filled).to.have.members([2, 4, 5, 6]);

      const other = { index: 4, key: keyOfProver(4) };
      expect(tells(viewOf(after(0n), { ...other, proofs })), "who holds slots comes first").to.match(/^wait/);
      expect(tells(viewOf(late, { ...other, proofs }))).to.match(/^prove [2456] without a name$/);
      expect(tells(viewOf(late, { ...other, proofs }), NO_DUTIES, { ...policy, fills: 0 })).to.equal("wait for news");
      const unmade = ownOf(proofEntry(0), proofEntry(3));
      expect(tells(viewOf(late, { sent, proofs }), unmade), "shows its vote").to.equal("prove 1 without a name");
      const full = heardOf(...everySlot);
      expect(tells(viewOf(late, { sent, proofs: full }), ownOf(proofEntry(0), proofEntry(3)))).to.not.match(
        /^prove [2456]/,
      );
    });

    describe("and a forest leaves something out", () => {
      const transcript = [1, 2, 3, 1, 2, 3, 0];
      /** Its block at a moment, with everything published, and nothing in hand unless `slots` says so. */
      const at = (now: bigint, commit: Partial<Parameters<typeof commitOf>[0]>, slots: readonly number[] = []) =>
        viewOf(
          l1Of(now < PROVING_ENDS ? "Proving" : "Delivering", {
            now,
            open: [commitOf({ proposalId: BLOCK, transcript, ...commit })],
          }),
          {
            sent: new Set(all.map((slot) => slotKey(BLOCK, slot))),
            inHand: new Set(slots.map((slot) => slotKey(BLOCK, slot))),
          },
        );
      const all = Array.from({ length: SLOTS }, (_, slot) => slot);
      const both = ownOf(proofEntry(0), proofEntry(3));

      it("shows L1 its proofs when no vote counts any more, all at once", () => {
        const left = { delivered: [1], voted: all };
        expect(tells(at(PROVING_ENDS - 1n, left), both)).to.equal(`wait ${PROVING_ENDS}`);
        expect(tells(at(PROVING_ENDS, left), both)).to.equal("handIn 0 3");
        expect(tells(at(PROVING_ENDS, { delivered: [1, 3], voted: all }), both)).to.equal("handIn 0");
        expect(tells(at(PROVING_ENDS, { delivered: [0, 1, 3], voted: all }), both)).to.match(/^wait/);
        expect(tells(at(PROVING_ENDS, left), both, { ...policy, handsIn: false })).to.match(/^wait/);
        // After a restart without the block's blobs it cannot say what its nodes state.
        expect(tells({ ...at(PROVING_ENDS, left), provable: new Set() }, both)).to.match(/^wait/);
      });

      it("shows what it has made under its own name, of slots with a vote", () => {
        const left = { delivered: [1], voted: all };
        expect(tells(at(PROVING_ENDS, left), ownOf(proofEntry(3, 0n), proofEntry(0)))).to.equal("handIn 0");
        expect(tells(at(PROVING_ENDS, { delivered: [], voted: [3] }), both)).to.equal("handIn 3");
        expect(tells(at(PROVING_ENDS, { delivered: [], voted: [] }), both)).to.match(/^wait/);
      });

      it("waits for a proof that it has in hand, but not too long", () => {
        const left = { delivered: [1], voted: all };
        expect(tells(at(PROVING_ENDS, left, [3]), ownOf(proofEntry(0)))).to.equal(`wait ${LAST}`);
        expect(tells(at(LAST, left, [3]), ownOf(proofEntry(0)))).to.equal("handIn 0");
      });

      it("makes the merge that hides its vote without a name, and shows it while votes count", () => {
        // Slot 3 is the first child of slot 1, which is another's.
        const hidden = { delivered: [0, 1], voted: [0, 1, 2] };
        expect(tells(at(FILL - 1n, hidden), both)).to.equal(`wait ${FILL}`);
        expect(tells(at(FILL, hidden), both)).to.equal("prove 1 without a name");
        const cured = proverOwn(both, proofEntry(1, 0n, 0b01n));
        expect(tells(at(CURE - 1n, hidden), cured)).to.equal(`wait ${CURE}`);
        expect(tells(at(CURE, hidden), cured)).to.equal("handIn 1 3");
        expect(tells(at(CURE, { delivered: [0, 1, 3], voted: [0, 1, 2] }), cured), "delivered").to.equal("handIn 1");
        // A vote that comes too late counts nowhere, and without it the proof does not.
        expect(tells(at(PROVING_ENDS, hidden), cured)).to.match(/^wait/);
        expect(tells(at(CURE, hidden), cured, { ...policy, handsIn: false })).to.match(/^wait/);
      });

      it("shows the root where that hides its vote, or is its own", () => {
        const hidden = { delivered: [], voted: [3] };
        expect(tells(at(CURE, hidden), ownOf(proofEntry(0, keyOfProver(1), 0b100n), proofEntry(3)))).to.equal(
          "handIn 0 3",
        );
        // The vote for slot 1 or 2 is in the root's proof as well.
        const second = { index: 2, key: keyOfProver(2) };
        const view = { ...at(FILL, { delivered: [], voted: [4] }), ...second };
        expect(tells(view, ownOf(proofEntry(1, keyOfProver(2)), proofEntry(4, keyOfProver(2))))).to.equal(
          "prove 0 without a name",
        );
      });

      it("cures nothing where its vote does not count, and leaves votes of others to them", () => {
        const hidden = { delivered: [0, 1], voted: [0, 1, 2] };
        const merge = ownOf(proofEntry(1, 0n, 0b11n), proofEntry(0), proofEntry(3));
        expect(says(at(CURE, hidden), merge), "no vote").not.to.contain("handIn");
        const others = { delivered: [0, 1, 3], voted: [0, 1, 2, 3] };
        expect(tells(at(CURE, others), merge)).to.match(/^wait/);
      });

      it("has L1 keep its votes and proofs of the block that leads, where nothing is proven late in the window", () => {
        const by = { ...policy, fills: 0 };
        expect(tells(at(CURE - 1n, {}), both, by), "its vote for slot 3").to.equal("prove 1 without a name");
        const merge = proofEntry(1, 0n, 0b01n);
        const made = proverOwn(both, merge);
        expect(tells(at(CURE - 1n, {}), made, by)).to.equal(`wait ${CURE}`);
        expect(tells(at(CURE, {}), both), "the root's delivery waits for a forest").to.equal("handIn 3");
        expect(tells(at(CURE, {}), made)).to.equal("handIn 1 3");
        const root = proofEntry(0, keyOfProver(1), 0b100n);
        expect(tells(at(CURE, {}), ownOf(root, merge, proofEntry(3))), "its vote does not").to.equal("handIn 0 1 3");
        const kept = at(CURE, {});
        const [commit] = kept.l1.open;
        const after = (...voted: readonly number[]): ProverView => {
          const handedIn = packFlags(SLOTS, {
            voted: (slot) => voted.includes(slot),
            delivered: (slot) => slot === 3,
          });
          return { ...kept, l1: { ...kept.l1, open: [{ ...commit!, handedIn }] } };
        };
        expect(tells(after(), made)).to.equal("handIn 1");
        expect(tells(after(3), made)).not.to.contain("handIn");
        const leader = commitOf({ proposalId: BLOCK + 1n, burnBid: 99n });
        expect(tells({ ...kept, l1: { ...kept.l1, open: [commit!, leader] } }, made)).not.to.contain("handIn");
        expect(tells(at(PROVING_ENDS, {}), made), "nothing is proven any more").to.match(/^wait/);
      });

      it("hands nothing in twice, whenever it begins again", () => {
        fc.assert(
          fc.property(
            fc.subarray(all),
            fc.subarray(all),
            fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 3), fc.boolean(), fc.bigInt(0n, 7n)), { maxLength: 4 }),
            fc.bigInt(FILL, ACCEPTANCE_ENDS - 1n),
            (delivered, voted, made, now) => {
              const isMine = (slot: number): boolean => transcript[slot] === 1;
              const entries = made
                .filter(([slot], i) => made.findIndex(([other]) => other === slot) === i)
                .map(([slot, named, mask]) =>
                  proofEntry(slot, named && isMine(slot) ? keyOfProver(1) : 0n, slot === 3 ? 0n : mask),
                );
              const [own, view] = [ownOf(voteEntry(BLOCK, SLOTS), ...entries), at(now, { delivered, voted })];
              const action = nextProver(view, own, policy);
              if (action.kind !== "handIn") return;
              // L1 as it is after that.
              const shown = entries.filter((entry) => entry.kind === "proof" && action.slots.includes(entry.slot));
              const after = shown.flatMap((entry) => (entry.kind === "proof" ? [entry] : []));
              const more = {
                delivered: [...delivered, ...after.flatMap((e) => (e.workerKey === 0n ? [] : [e.slot]))],
                voted: [...voted, ...(now < PROVING_ENDS ? after.flatMap((e) => shownVotes(forest, e)) : [])],
              };
              expect(more.delivered.length + new Set(more.voted).size).to.be.greaterThan(
                delivered.length + new Set(voted).size,
              );
              const again = nextProver(at(now, more), own, policy);
              expect(again.kind).to.not.equal("handIn");
            },
          ),
          { seed: 0xb52, numRuns: 2_000 },
        );
      });
    });
  });

  it("has nothing to prove where nothing can be submitted", () => {
    const open = [commitOf({ proposalId: BLOCK })];
    for (const phase of ["NotStarted", "Proposing", "Advanceable", "Expired", "Frozen"] as const)
      expect(says(viewOf(l1Of(phase, { open })), ownOf(proofEntry(0))), phase).to.equal("wait for news");
  });

  it("claims slots that it has earned, when there are enough", () => {
    const transcript = encodeTranscript([1, 2, 1, 1, 2, 3, 1]);
    const done = new Set([0, 1, 2, 3]);
    const flags = packFlags(SLOTS, { voted: (slot) => slot !== 2, delivered: (slot) => done.has(slot) });
    const paid = [{ proposalId: 5n, height: 1, transcript, flags, isByHead: false, claimed: [0] }];
    const view = viewOf(l1Of("Advanceable", { paid }));
    // Its slots are 0, 2, 3 and 6: 0 is claimed, 2 has no vote, 6 was not delivered.
    expect(nextProver(view, NO_DUTIES, { ...policy, claimFrom: 1 })).to.deep.equal({ kind: "claim", slots: 1 });
    expect(says(view, NO_DUTIES, { ...policy, claimFrom: 2 })).to.equal("wait for news");
  });

  it("never promises more than its capacity, whatever is offered, in whatever order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.bigInt({ min: 1n, max: 50n }), fc.nat(10_000)), { maxLength: 6 }),
        fc.nat(30),
        fc.constantFrom("Proposing" as const, "Proving" as const, "Expired" as const),
        (bids, capacity, phase) => {
          const all = bids.map(([burnBid, share], i) => offer(BigInt(i), burnBid, share));
          const now = phase === "Proposing" ? OPENS + 80n : ACCEPTANCE_ENDS - 1n;
          let own = NO_DUTIES;
          const sent = new Set<string>();
          // Offers come one by one, and each time all is said that there is to say.
          for (let heard = 1; heard <= all.length; heard++) {
            for (;;) {
              const view = viewOf(l1Of(phase, { now }), { offers: all.slice(0, heard), sent });
              const action = nextProver(view, own, { ...policy, capacity });
              if (action.kind !== "vote") break;
              own = proverOwn(own, voteEntry(action.proposalId, action.capacity, action.roundNumber));
              sent.add(voteKey(action.proposalId));
            }
          }
          expect(own.votes.reduce((sum, vote) => sum + vote.capacity, 0)).to.be.at.most(capacity);
          expect(new Set(own.votes.map(({ proposalId }) => proposalId)).size).to.equal(own.votes.length);
        },
      ),
      { seed: 0xb52, numRuns: 300 },
    );
  });
});
