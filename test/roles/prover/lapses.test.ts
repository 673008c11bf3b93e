import { expect } from "chai";
import {
  afterCommits,
  castBallot,
  decodeLapses,
  encodeLapses,
  type Lapses,
  NO_LAPSES,
  trustIn,
} from "../../../src/roles/index.ts";
import { CERTAIN } from "../../../src/roles/prover/chances.ts";
import { commitOf, l1Of, PARENT, roundIn, ROUND_NUMBER, SLOTS } from "../views.ts";
import { offerOf, ownOf, voteFor } from "./views.ts";

const EVE = "proposer of 1";
const ALICE = "proposer of 2";
const own = ownOf(voteFor(1n, 2), voteFor(2n, 2));
const open = [commitOf({ proposalId: 2n })];
/** What is known after so many rounds in which EVE took a vote and committed nothing. */
function afterBluffs(rounds: number): Lapses {
  let lapses = NO_LAPSES;
  for (let i = 0n; i < BigInt(rounds); i++) {
    const roundNumber = ROUND_NUMBER + i;
    const votes = ownOf(voteFor(1n, 2, { roundNumber }), voteFor(2n, 2, { roundNumber }));
    lapses = afterCommits(lapses, l1Of("Revealing", { open, round: roundIn("Revealing", { roundNumber }) }), votes);
  }
  return lapses;
}

describe("votes that proposers let lapse", () => {
  it("are counted once in a round, when its commits have ended", () => {
    expect(afterCommits(NO_LAPSES, l1Of("Proposing", { open }), own)).to.equal(NO_LAPSES);
    const once = afterCommits(NO_LAPSES, l1Of("Revealing", { open }), own);
    expect([...once.counts]).to.deep.equal([[EVE, 1]]);
    expect(afterCommits(once, l1Of("Proving", { open }), own)).to.equal(once);
  });

  it("are none where the parent did not win, or another program has voted", () => {
    const other = ownOf(voteFor(1n, 2, { parent: PARENT + 1n }));
    expect([...afterCommits(NO_LAPSES, l1Of("Revealing"), other).counts]).to.deep.equal([]);
    const { proposer: _, ...foreign } = other.votes[0]!;
    const unknown = { ...other, votes: [{ ...foreign, parent: PARENT }] };
    expect([...afterCommits(NO_LAPSES, l1Of("Revealing"), unknown).counts]).to.deep.equal([]);
  });

  it("are made up for by commits, one by one", () => {
    let lapses = afterBluffs(2);
    expect([...lapses.counts]).to.deep.equal([[EVE, 2]]);
    for (const left of [[[EVE, 1]], []]) {
      const roundNumber = lapses.roundNumber + 1n;
      const l1 = l1Of("Revealing", {
        open: [commitOf({ proposalId: 9n, proposer: EVE })],
        round: roundIn("Revealing", { roundNumber }),
      });
      lapses = afterCommits(lapses, l1, ownOf(voteFor(1n, 2, { roundNumber })));
      expect([...lapses.counts]).to.deep.equal(left);
    }
  });

  it("cost a bluffer the votes: with capacity for one block, EVE's 45 tokens had them before ALICE's 5, twice", () => {
    const offers = [offerOf(1n, 450_000n), offerOf(2n, 50_000n)];
    const first = (lapses: Lapses): string =>
      castBallot(offers, {
        ...{ blockReward: 10n ** 20n, fairShareBps: 0, slots: SLOTS, maxSlots: 2, eligible: 6, costPerSlot: 1n },
        ...{ voters: new Map(), committed: [], parentChance: () => CERTAIN, free: () => 2 },
        trust: (proposer) => trustIn(lapses, proposer),
      })
        .map(({ proposer }) => proposer)
        .join();
    expect([0, 1, 2, 3].map((rounds) => first(afterBluffs(rounds)))).to.deep.equal([EVE, EVE, ALICE, ALICE]);
  });

  it("survive a restart, and what cannot be read is forgotten", () => {
    const lapses = afterBluffs(9);
    expect(trustIn(lapses, EVE), "bounded").to.equal(CERTAIN / 10n ** 6n);
    expect(decodeLapses(encodeLapses(lapses))).to.deep.equal(lapses);
    for (const encoded of [undefined, "", '{"roundNumber":1}']) expect(decodeLapses(encoded)).to.equal(NO_LAPSES);
  });
});
