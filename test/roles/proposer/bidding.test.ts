import { expect } from "chai";
import fc from "fast-check";
import { BURN_RULE, burnOfUncle } from "../../../src/protocol/burns.ts";
import { splitReward, uncleReward } from "../../../src/protocol/reward.ts";
import { score } from "../../../src/protocol/score.ts";
import {
  bidIn,
  type Bidder,
  type BidPolicy,
  blockValue,
  freeBid,
  PROPOSER_DEFAULTS,
} from "../../../src/roles/index.ts";

const UNIT = 10n ** 14n;
const POLICY: BidPolicy = { burnBid: 100n, maxBid: 1_000n, raiseBps: 1_000n, valueBps: 9_000n, feePrice: 0n };
/** Worth 1,000 BID_UNITs, of which 900 may be bid. */
const VALUE = 1_000n * UNIT;
const bidder = (burnBid: bigint, provers = 0): Bidder => ({ burnBid, provers });
const bid = (
  own: Bidder,
  rivals: readonly Bidder[],
  change: Partial<BidPolicy & { deposit: bigint; value: bigint }> = {},
) => bidIn({ own, rivals, deposit: 10_000n, value: VALUE, ...change }, { ...POLICY, ...change });

describe("a proposer's bid", () => {
  it("stays as it is where nobody is above it", () => {
    expect(bid(bidder(100n), [])).to.equal(100n);
    expect(bid(bidder(100n), [bidder(99n), bidder(50n)])).to.equal(100n);
    expect(bid(bidder(100n, 4), [bidder(101n, 3)])).to.equal(100n);
  });

  it("beats the best rival by as little as it takes, and at least by its increment", () => {
    expect(bid(bidder(100n), [bidder(100n)]), "a tie is no win").to.equal(110n);
    expect(bid(bidder(100n), [bidder(120n), bidder(300n)])).to.equal(301n);
    expect(bid(bidder(101n), [bidder(102n)]), "rounded up").to.equal(112n);
  });

  it("goes by scores, not by bids: three provers to two are worth 1.83 times the bid", () => {
    const needed = bid(bidder(100n, 2), [bidder(100n, 3)]);
    expect(needed).to.equal(184n);
    expect(score(2, needed) > score(3, 100n)).to.equal(true);
    expect(score(2, needed - 1n) > score(3, 100n)).to.equal(false);
  });

  it("goes no further than its ceiling, its deposit, and what the block carries; then it stays", () => {
    const high = [bidder(600n)];
    expect(bid(bidder(100n), high)).to.equal(601n);
    expect(bid(bidder(100n), high, { maxBid: 600n })).to.equal(100n);
    expect(bid(bidder(100n), high, { deposit: 600n })).to.equal(100n);
    expect(bid(bidder(100n), high, { value: 667n * UNIT }), "600.3 of it").to.equal(100n);
    expect(bid(bidder(100n), high, { value: 668n * UNIT })).to.equal(601n);
    expect(bid(bidder(100n), high, { value: 0n })).to.equal(100n);
  });

  it("wins or stays, within its limits, whatever rivals do", () => {
    const anyBidder = fc.record({ burnBid: fc.bigInt(1n, 2_000n), provers: fc.nat(7) });
    fc.assert(
      fc.property(
        anyBidder,
        fc.array(anyBidder, { maxLength: 4 }),
        fc.bigInt(0n, 3_000n * UNIT),
        (own, rivals, value) => {
          const next = bid(own, rivals, { value });
          if (next === own.burnBid) return;
          expect(next * 10n >= own.burnBid * 11n).to.equal(true);
          expect(next <= POLICY.maxBid && next * UNIT * 10n <= value * 9n).to.equal(true);
          const heads = ({ provers }: Bidder): number => Math.max(1, provers);
          for (const rival of rivals)
            expect(score(heads(own), next) > score(heads(rival), rival.burnBid)).to.equal(true);
        },
      ),
      { seed: 0xb52, numRuns: 1_000 },
    );
  });

  it("behind a leader costs nothing: no paid uncle, or one that earns what it burns; and a little more costs", () => {
    const N = 7;
    fc.assert(
      fc.property(
        fc.record({ burnBid: fc.bigInt(50_000n, 10_000_000n), provers: fc.integer({ min: 1, max: N }) }),
        fc.record({ burnBid: fc.constant(1n), provers: fc.integer({ min: 1, max: N }) }),
        fc.constantFrom(0, 1, 5_000, 10_000),
        fc.integer({ min: 1, max: 3 }),
        fc.bigInt(0n, 10_000n),
        (leader, own, proverShareBps, maxUncles, uncleMinScoreBps) => {
          const bps = { uncleBurnBps: 2_500n, uncleRewardBps: 1_000n, uncleMinScoreBps };
          const blockReward = 100n * 10n ** 18n;
          const loss = (burnBid: bigint): bigint => {
            const mine = score(own.provers, burnBid);
            if (mine < (score(leader.provers, leader.burnBid) * uncleMinScoreBps) / 10_000n) return 0n;
            const silence = { silent: 0n, named: 1n };
            const { burnt, own: most } = burnOfUncle(
              BURN_RULE.winner,
              burnBid,
              { ...bps, forfeitBps: 10_000n },
              silence,
            );
            const shared = uncleReward(blockReward, 1_000n, maxUncles);
            const reward = shared < most * UNIT ? shared : most * UNIT;
            return burnt * UNIT - splitReward(reward, proverShareBps, 1n, 1n).proposer;
          };
          const free = freeBid(own, leader, { ...bps, blockReward, proverShareBps, maxUncles });
          if (free > 0n) expect(loss(free) <= 0n, `${free}`).to.equal(true);
          // A quarter of one more may be rounded away.
          expect(loss(free + 8n) > 0n, `${free} and 8`).to.equal(true);
        },
      ),
      { seed: 0xb52, numRuns: 2_000 },
    );
  });

  it("is worth its part of the reward, and its fees at the price that its operator gives them", () => {
    const reward = 100n * 10n ** 18n;
    const fees = 3n * 10n ** 18n;
    const value = (feePrice: bigint): bigint => blockValue({ proverShareBps: 6_000, feePrice }, { reward, fees });
    expect(value(0n)).to.equal(40n * 10n ** 18n);
    expect(value(10n ** 18n / 2n)).to.equal(41_500_000_000_000_000_000n);
  });

  it("begins at 5 tokens and ends at 100 unless its operator says otherwise", () => {
    expect(PROPOSER_DEFAULTS.burnBid * UNIT).to.equal(5n * 10n ** 18n);
    expect(PROPOSER_DEFAULTS.maxBid * UNIT).to.equal(100n * 10n ** 18n);
  });
});
