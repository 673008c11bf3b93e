import { expect } from "chai";
import { BURN_RULE, burnAtForfeit, burnAtPayment, burnAtProof } from "../../src/protocol/index.ts";

describe("burns", () => {
  it("by the winner's rule: the winner's bid, and parts of others rounded up", () => {
    const rule = BURN_RULE.winner;
    expect(burnAtProof(rule, 7n)).to.equal(0n);
    expect(burnAtPayment(rule, 7n, 0, 5_000n)).to.equal(7n);
    expect([1, 15].map((place) => burnAtPayment(rule, 7n, place, 5_000n))).to.deep.equal([4n, 4n]);
    expect(burnAtPayment(rule, 10_001n, 1, 3_333n)).to.equal(3_334n);
    expect(burnAtPayment(rule, 7n, 1, 0n)).to.equal(0n);
    expect(burnAtForfeit(rule, 1n, 1n)).to.equal(1n);
    expect(burnAtForfeit(rule, 10_000n, 3_333n)).to.equal(3_333n);
    expect(burnAtForfeit(rule, 100n, 5_000n, { silent: 2n, named: 7n })).to.equal(15n);
    expect(burnAtForfeit(rule, 100n, 5_000n, { silent: 0n, named: 7n })).to.equal(0n);
  });

  it("by the rule of every commit: the whole bid, proven or not, and nothing at payment", () => {
    const rule = BURN_RULE.everyCommit;
    expect(burnAtProof(rule, 7n)).to.equal(7n);
    expect([0, 1].map((place) => burnAtPayment(rule, 7n, place, 5_000n))).to.deep.equal([0n, 0n]);
    expect(burnAtForfeit(rule, 7n, 1n)).to.equal(7n);
  });
});
