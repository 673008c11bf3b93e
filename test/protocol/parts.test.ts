import { expect } from "chai";
import {
  childSlots,
  type Forest,
  listedSlots,
  OutOfRangeError,
  partsOf,
  planCuts,
  slotCount,
} from "../../src/protocol/index.ts";

const FORESTS: Forest[] = [2, 4, 8, 16].flatMap((arity) => [1, 2, 3].map((levels) => ({ arity, levels })));
const LIMITS = { proofs: 20, listed: 280 };

describe("parts of a forest", () => {
  it("need no cuts where one transaction takes everything", () => {
    expect(planCuts({ arity: 2, levels: 2 })).to.deep.equal([]);
    expect(planCuts({ arity: 16, levels: 1 })).to.deep.equal([]);
    expect(partsOf({ arity: 2, levels: 2 }, [])).to.deep.equal([{ first: 0, end: 7 }]);
  });

  it("are exactly these in a forest of 2,047 proofs", () => {
    expect(planCuts({ arity: 2, levels: 10 })).to.deep.equal([239, 479, 719, 959, 1199, 1439, 1679, 1919]);
  });

  it("follow each other, stay within the limits and leave siblings together", () => {
    for (const forest of FORESTS) {
      const parts = partsOf(forest, planCuts(forest, LIMITS));
      let next = 0;
      for (const { first, end } of parts) {
        expect(first).to.equal(next);
        expect(end - first).to.be.within(1, LIMITS.proofs);
        expect(listedSlots(forest, { first, end }).length).to.be.at.most(LIMITS.listed);
        if (first !== 0) expect((first - 1) % forest.arity).to.equal(0);
        next = end;
      }
      expect(next).to.equal(slotCount(forest));
    }
  });

  it("list their own slots, then the children that are not among them, once each and in order", () => {
    for (const forest of FORESTS) {
      for (const range of partsOf(forest, planCuts(forest, LIMITS))) {
        const listed = listedSlots(forest, range);
        const own = listed.slice(0, range.end - range.first);
        expect(own[0]).to.equal(range.first);
        expect(own.at(-1)).to.equal(range.end - 1);
        expect(listed).to.deep.equal([...new Set(listed)].sort((a, b) => a - b));
        expect(new Set(listed)).to.deep.equal(new Set([...own, ...own.flatMap((slot) => childSlots(forest, slot))]));
      }
    }
  });

  it("cannot be smaller than a family", () => {
    expect(() => planCuts({ arity: 16, levels: 2 }, { proofs: 15, listed: 900 })).to.throw(OutOfRangeError);
    expect(() => planCuts({ arity: 16, levels: 2 }, { proofs: 16, listed: 271 })).to.throw(OutOfRangeError);
    expect(planCuts({ arity: 16, levels: 2 }, { proofs: 16, listed: 272 })).to.have.length(17);
  });
});
