import { expect } from "chai";
import fc from "fast-check";
import { assignProvers, type ProverVote } from "../../src/block/assign.ts";
import { type Forest, isWithin, nodeAt, slotCount } from "../../src/protocol/nodes.ts";
import type { Vote } from "../../src/protocol/vote.ts";

const forest: Forest = { arity: 2, levels: 2 };

// Signatures are the verifier's business, before votes get here.
const cast = (prover: number, terms: Partial<Vote> = {}): ProverVote => ({
  prover,
  vote: {
    proposalId: 1n,
    depth: 0,
    index: 0,
    capacity: 7,
    minBurnBid: 0n,
    key: { x: 1n, y: 1n },
    signature: { r8: { x: 0n, y: 1n }, s: 0n },
    ...terms,
  },
});
const distinct = (transcript: readonly number[]): number => new Set(transcript.filter((prover) => prover !== 0)).size;

describe("assignProvers", () => {
  it("leaves every slot open without votes", () => {
    expect(assignProvers(forest, [], 1n, 7).transcript).to.deep.equal([0, 0, 0, 0, 0, 0, 0]);
  });

  it("fills every slot from one prover with enough capacity, and no more than its capacity", () => {
    expect(assignProvers(forest, [cast(5)], 1n, 7).transcript).to.deep.equal([5, 5, 5, 5, 5, 5, 5]);
    const { transcript } = assignProvers(forest, [cast(5, { capacity: 3 })], 1n, 7);
    expect(transcript.filter((prover) => prover === 5)).to.have.length(3);
  });

  it("gives every prover a slot before anyone gets a second", () => {
    const { transcript } = assignProvers(
      forest,
      [1, 2, 3, 4].map((prover) => cast(prover)),
      1n,
      7,
    );
    expect(distinct(transcript)).to.equal(4);
    for (const prover of [1, 2, 3, 4]) expect(transcript.filter((taken) => taken === prover).length).to.be.within(1, 2);
  });

  it("gives nobody more slots than a prover can hold", () => {
    const { transcript } = assignProvers(forest, [cast(1), cast(2)], 1n, 2);
    for (const prover of [1, 2]) expect(transcript.filter((taken) => taken === prover)).to.have.length(2);
  });

  it("does not let wide votes take the only place of a narrow one", () => {
    const votes = [1, 2, 3, 4, 5, 6].map((prover) => cast(prover));
    const { transcript } = assignProvers(forest, [...votes, cast(7, { depth: 2, index: 3 })], 1n, 7);
    expect(transcript[6]).to.equal(7);
    expect(distinct(transcript)).to.equal(7);
  });

  it("ignores votes that want a higher bid", () => {
    expect(distinct(assignProvers(forest, [cast(1, { minBurnBid: 2n })], 1n, 7).transcript)).to.equal(0);
    expect(distinct(assignProvers(forest, [cast(1, { minBurnBid: 2n })], 2n, 7).transcript)).to.equal(1);
  });

  it("reaches the greatest number of distinct provers, within capacities and sub-trees", () => {
    const node = fc.integer({ min: 0, max: slotCount(forest) - 1 }).map((slot) => nodeAt(forest, slot));
    const votes = fc.array(fc.record({ node, capacity: fc.integer({ min: 0, max: 3 }) }), { maxLength: 9 });
    fc.assert(
      fc.property(votes, (terms) => {
        const cards = terms.map(({ node, capacity }, i) => cast(i + 1, { ...node, capacity }));
        const { transcript, votes: used } = assignProvers(forest, cards, 1n, 7);
        transcript.forEach((prover, slot) => {
          if (prover !== 0) expect(isWithin(forest, nodeAt(forest, slot), used.get(prover)!)).to.equal(true);
        });
        for (const [prover, vote] of used) {
          expect(transcript.filter((taken) => taken === prover).length).to.be.within(1, vote.capacity);
        }
        expect(distinct(transcript)).to.equal(maximumMatching(cards.map(({ vote }) => vote)));
      }),
      { seed: 52, numRuns: 300 },
    );
  });
});

/** The oracle: augmenting paths from provers to slots. */
function maximumMatching(votes: readonly Vote[]): number {
  const takenBy = new Map<number, number>();
  const place = (prover: number, seen: Set<number>): boolean => {
    for (let slot = 0; slot < slotCount(forest); slot++) {
      if (seen.has(slot) || !isWithin(forest, nodeAt(forest, slot), votes[prover]!)) continue;
      seen.add(slot);
      const holder = takenBy.get(slot);
      if (holder === undefined || place(holder, seen)) {
        takenBy.set(slot, prover);
        return true;
      }
    }
    return false;
  };
  return votes.filter((vote, prover) => vote.capacity > 0 && place(prover, new Set())).length;
}
