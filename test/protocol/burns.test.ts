import { expect } from "chai";
import {
  BURN_RULE,
  burnAtForfeit,
  burnAtProof,
  burnOfUncle,
  burnOfWinner,
  type Silence,
} from "../../src/protocol/index.ts";

const silenceOf = (silent: number, named: number): Silence => ({ silent: BigInt(silent), named: BigInt(named) });

describe("burns", () => {
  it("by the winner's rule: the winner's bid, and parts of others rounded up", () => {
    const rule = BURN_RULE.winner;
    expect(burnAtProof(rule, 7n)).to.equal(0n);
    expect(burnOfWinner(rule, 7n)).to.equal(7n);
    expect(burnAtForfeit(rule, 1n, 1n)).to.equal(1n);
    expect(burnAtForfeit(rule, 10_000n, 3_333n)).to.equal(3_333n);
  });

  it("three halves of the silent part at a forfeit, up to all of it", () => {
    const forfeit = (silent: number, named: number): bigint =>
      burnAtForfeit(BURN_RULE.winner, 100n, 5_000n, silenceOf(silent, named));
    expect([0, 1, 2, 4, 5, 7].map((silent) => forfeit(silent, 7))).to.deep.equal([0n, 11n, 22n, 43n, 50n, 50n]);
    expect(forfeit(0, 0), "a block that names nobody").to.equal(0n);
  });

  it("of an uncle its part, and beside it what it forfeits for the silent", () => {
    const uncle = (silent: number, uncleBurnBps: bigint, forfeitBps: bigint): { burnt: bigint; own: bigint } =>
      burnOfUncle(BURN_RULE.winner, 1_001n, { uncleBurnBps, forfeitBps }, silenceOf(silent, 7));
    expect(uncle(0, 2_500n, 10_000n)).to.deep.equal({ burnt: 251n, own: 251n });
    expect(uncle(1, 2_500n, 10_000n)).to.deep.equal({ burnt: 215n + 251n, own: 251n });
    expect(uncle(0, 0n, 10_000n)).to.deep.equal({ burnt: 0n, own: 0n });
    // Never more than what it had forfeited unproven.
    expect(uncle(4, 2_500n, 10_000n)).to.deep.equal({ burnt: 1_001n, own: 1_001n - 858n });
    expect(uncle(7, 2_500n, 10_000n)).to.deep.equal({ burnt: 1_001n, own: 0n });
    expect(uncle(4, 2_500n, 5_000n)).to.deep.equal({ burnt: 501n, own: 501n - 429n });
  });

  it("so that a low bid and a high one that few have voted for burn what the high one promised", () => {
    for (const named of [1, 2, 7, 48, 2_047]) {
      for (let voters = 0; voters <= named; voters++) {
        const high = 10n ** 9n;
        const low = Math.floor(Number(high) * (voters / named) ** 1.5);
        const { burnt, own } = burnOfUncle(
          BURN_RULE.winner,
          high,
          { uncleBurnBps: 2_500n, forfeitBps: 10_000n },
          silenceOf(named - voters, named),
        );
        expect(Number(burnt - own) + low, `${voters} of ${named}`).to.be.at.least(Number(high) - 1);
      }
    }
  });

  it("by the rule of every commit: the whole bid, proven or not, and nothing at payment", () => {
    const rule = BURN_RULE.everyCommit;
    const parts = { uncleBurnBps: 5_000n, forfeitBps: 5_000n };
    expect(burnAtProof(rule, 7n)).to.equal(7n);
    expect(burnOfWinner(rule, 7n)).to.equal(0n);
    expect(burnOfUncle(rule, 7n, parts, silenceOf(3, 7))).to.deep.equal({ burnt: 0n, own: 7n });
    expect(burnAtForfeit(rule, 7n, 1n)).to.equal(7n);
  });
});
