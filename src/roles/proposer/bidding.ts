import { score } from "../../protocol/score.ts";
import { BID_UNIT, BPS } from "../../protocol/terms.ts";
import type { Economy } from "../economy.ts";

/** How a proposer bids. */
export interface BidPolicy {
  /** BID_UNIT: what it begins with, and never bids less. */
  readonly burnBid: bigint;
  /** BID_UNIT: what it never bids more than. */
  readonly maxBid: bigint;
  /** What a raise adds to the bid before at least, 1/10,000 of it. */
  readonly raiseBps: bigint;
  /** The part of what its block is worth to it that it bids at most, 1/10,000. */
  readonly valueBps: bigint;
  /** What a whole token of the L2's asset is worth to it, wei of the native token: fees are paid in that asset. */
  readonly feePrice: bigint;
}

/** A block in a contest, as far as bids matter. */
export interface Bidder {
  /** BID_UNIT. */
  readonly burnBid: bigint;
  /** Distinct provers that are known to support it. */
  readonly provers: number;
}

/** What a proposer can bid, and what for. */
export interface Means {
  /** BID_UNIT in the lane. */
  readonly deposit: bigint;
  /** Wei of the native token that the block brings if it wins, before the bid. */
  readonly value: bigint;
}

export interface Contest extends Means {
  readonly own: Bidder;
  readonly rivals: readonly Bidder[];
}

const WHOLE = 10n ** 18n;

/** What a block brings its proposer if it wins with all slots fulfilled: its part of the reward, and the fees. */
export function blockValue(
  { proverShareBps, feePrice }: Pick<BidPolicy, "feePrice"> & { readonly proverShareBps: number },
  { reward, fees }: { /** Wei. */ readonly reward: bigint; /** Wei of the asset. */ readonly fees: bigint },
): bigint {
  return (reward * (BPS - BigInt(proverShareBps))) / BPS + (fees * feePrice) / WHOLE;
}

/**
 * What a proposer bids next: as it is if nobody is above it, else the least that beats the best rival, as far as the
 * block carries it. A raise that does not win would only make it cost more to lose. Who has no votes yet is taken for
 * one that has one.
 */
export function bidIn({ own, rivals, ...means }: Contest, policy: BidPolicy): bigint {
  const { burnBid } = own;
  const best = strongest(rivals);
  if (best === undefined || strength(own) > strength(best)) return burnBid;
  const needed = squareRoot(strength(best) / score(heads(own), 1n)) + 1n;
  const raised = burnBid + (burnBid * policy.raiseBps + BPS - 1n) / BPS;
  const bid = needed > raised ? needed : raised;
  return bid > ceiling(means, policy) ? burnBid : bid;
}

/** The most that a proposer bids, BID_UNIT. */
export const ceiling = ({ deposit, value }: Means, { maxBid, valueBps }: BidPolicy): bigint =>
  least(maxBid, deposit, (value * valueBps) / (BPS * BID_UNIT));

/** What being a paid uncle comes to. */
export interface UncleTerms extends Pick<
  Economy,
  "uncleMinScoreBps" | "uncleBurnBps" | "uncleRewardBps" | "maxUncles"
> {
  /** Wei that the height mints. */
  readonly blockReward: bigint;
  /** Of what an uncle earns, to its provers. */
  readonly proverShareBps: number;
}

/**
 * The highest bid, BID_UNIT, that costs a proposer nothing behind a leader that keeps its promise, as long as it proves
 * its own block: one whose score is below what uncles are paid for, so that nothing burns; or one that is a paid uncle
 * and earns as much as it burns. It earns no more than that, and its provers have their share of it first: so the
 * latter is for whoever keeps all of the reward.
 */
export function freeBid(own: Bidder, leader: Bidder, terms: UncleTerms): bigint {
  const { uncleMinScoreBps, uncleBurnBps, uncleRewardBps, maxUncles, blockReward, proverShareBps } = terms;
  if (maxUncles === 0 || uncleBurnBps === 0n) return UNLIMITED;
  const paidFrom = (strength(leader) * uncleMinScoreBps) / BPS;
  const free = squareRoot((paidFrom - 1n) / score(heads(own), 1n));
  if (proverShareBps > 0) return free;
  // As many share it as there may be.
  const earned = (blockReward * uncleRewardBps) / (BPS * BigInt(maxUncles) * BID_UNIT);
  const covered = (earned * BPS) / uncleBurnBps;
  return covered > free ? covered : free;
}

/** The one that the others have to beat; undefined if there is none. */
export function strongest<B extends Bidder>(bidders: readonly B[]): B | undefined {
  return bidders.reduce<B | undefined>(
    (best, bidder) => (best === undefined || strength(bidder) > strength(best) ? bidder : best),
    undefined,
  );
}

/** Whether a bidder would win against a rival. */
export const beats = (bidder: Bidder, rival: Bidder): boolean => strength(bidder) > strength(rival);

/** More than any bid. */
const UNLIMITED = 2n ** 64n - 1n;

const heads = ({ provers }: Bidder): number => Math.max(1, provers);

const strength = (bidder: Bidder): bigint => score(heads(bidder), bidder.burnBid);

const least = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (b < a ? b : a));

/** The largest integer whose square is not above `value`, which is not negative. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (root + value / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}
