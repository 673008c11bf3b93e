import { expect } from "chai";
import {
  assertForest,
  ballotSlots,
  childSlots,
  firstSlot,
  type Forest,
  isWithin,
  nodeAt,
  nodeFromNumber,
  nodeNumber,
  nodeWeight,
  OutOfRangeError,
  packNodeWeights,
  parentSlot,
  shownVotes,
  slotCount,
  slotOf,
} from "../../src/protocol/index.ts";

const FORESTS: Forest[] = [2, 4, 8, 16].flatMap((arity) => [1, 2, 3].map((levels) => ({ arity, levels })));

describe("nodes", () => {
  for (const forest of FORESTS) {
    it(`numbers arity ${forest.arity}, ${forest.levels} levels, depth by depth`, () => {
      let slot = 0;
      for (let depth = 0; depth <= forest.levels; depth++) {
        expect(firstSlot(forest, depth)).to.equal(slot);
        for (let index = 0; index < forest.arity ** depth; index++, slot++) {
          expect(slotOf(forest, { depth, index })).to.equal(slot);
          expect(nodeAt(forest, slot)).to.deep.equal({ depth, index });
        }
      }
      expect(slotCount(forest)).to.equal(slot);
    });

    it(`knows children, parents and coverage, arity ${forest.arity}, ${forest.levels} levels`, () => {
      const step = Math.ceil(slotCount(forest) / 100);
      for (let slot = 0; slot < slotCount(forest); slot += step) {
        const { depth, index } = nodeAt(forest, slot);
        const expected = Array.from({ length: depth < forest.levels ? forest.arity : 0 }, (_, i) =>
          slotOf(forest, { depth: depth + 1, index: index * forest.arity + i }),
        );
        expect(childSlots(forest, slot)).to.deep.equal(expected);
        for (const child of expected) expect(parentSlot(forest, child)).to.equal(slot);
        // A node is covered by exactly its ancestors and itself.
        const ancestors = new Set<number>();
        for (let at: number | undefined = slot; at !== undefined; at = parentSlot(forest, at)) ancestors.add(at);
        for (let other = 0; other < slotCount(forest); other += step) {
          if (isWithin(forest, nodeAt(forest, slot), nodeAt(forest, other)) !== ancestors.has(other))
            expect.fail(`${slot} within ${other}`);
        }
        for (const ancestor of ancestors)
          expect(isWithin(forest, nodeAt(forest, slot), nodeAt(forest, ancestor))).to.equal(true);
      }
    });
  }

  it("says whose votes a proof shows, one bit a child, and the root's own behind them", () => {
    const forest = { arity: 4, levels: 2 };
    expect(ballotSlots(forest, 0)).to.deep.equal([1, 2, 3, 4, 0]);
    expect(ballotSlots(forest, 2)).to.deep.equal([9, 10, 11, 12]);
    expect(ballotSlots(forest, 5)).to.deep.equal([]);
    expect(shownVotes(forest, { slot: 0, mask: 0b10010n })).to.deep.equal([2, 0]);
    expect(shownVotes(forest, { slot: 2, mask: 0b1001n })).to.deep.equal([9, 12]);
    expect(shownVotes(forest, { slot: 5, mask: 0n })).to.deep.equal([]);
    for (let slot = 0; slot < slotCount(forest); slot++) {
      const by = Array.from({ length: slotCount(forest) }, (_, other) => other).filter((other) =>
        ballotSlots(forest, other).includes(slot),
      );
      expect(by, "every slot's vote is shown by one node").to.deep.equal([parentSlot(forest, slot) ?? 0]);
    }
  });

  it("refuses slots and nodes outside of the tree", () => {
    const forest = { arity: 2, levels: 2 };
    for (const slot of [-1, 7, 0.5])
      expect(() => nodeAt(forest, slot)).to.throw(OutOfRangeError, `slot is ${slot}, expected 0 to 6`);
    expect(() => slotOf(forest, { depth: 1, index: 2 })).to.throw("index is 2, expected 0 to 1 at depth 1");
    expect(() => slotOf(forest, { depth: 3, index: 0 })).to.throw("depth is 3, expected 0 to 2");
    expect(parentSlot(forest, 0)).to.equal(undefined);
  });

  it("refuses trees that no circuit is built for", () => {
    expect(() => assertForest({ arity: 3, levels: 2 })).to.throw("arity is 3");
    expect(() => assertForest({ arity: 2, levels: 0 })).to.throw("levels is 0");
    expect(() => assertForest({ arity: 2, levels: 14 })).to.throw("slot count is 32767, expected at most 16383");
    expect(assertForest({ arity: 2, levels: 13 })).to.deep.equal({ arity: 2, levels: 13 });
  });

  it("packs node numbers without overflow into the depth", () => {
    expect(nodeNumber({ depth: 3, index: 5 })).to.equal((3n << 32n) + 5n);
    expect(nodeFromNumber(nodeNumber({ depth: 255, index: 2 ** 32 - 1 }))).to.deep.equal({
      depth: 255,
      index: 2 ** 32 - 1,
    });
    expect(() => nodeNumber({ depth: 0, index: 2 ** 32 })).to.throw(OutOfRangeError, "index");
    expect(() => nodeFromNumber(1n << 40n)).to.throw(OutOfRangeError);
  });

  it("reads a weight for every depth, 0 beyond", () => {
    const weights = packNodeWeights([1, 65_535, 3]);
    expect([0, 1, 2, 3].map((depth) => nodeWeight(weights, depth))).to.deep.equal([1n, 65_535n, 3n, 0n]);
    expect(() => packNodeWeights([65_536])).to.throw(OutOfRangeError, "node weight");
    expect(() => packNodeWeights(Array<number>(16).fill(1))).to.throw(OutOfRangeError, "count of node weights");
  });
});
