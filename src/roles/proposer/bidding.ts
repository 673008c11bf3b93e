import { score } from "../../protocol/score.ts";
import { BID_UNIT, BPS } from "../../protocol/terms.ts";

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

export interface Contest {
  readonly own: Bidder;
  readonly rivals: readonly Bidder[];
  /** BID_UNIT in the lane. */
  readonly deposit: bigint;
  /** Wei of the native token that the block brings if it wins, before the bid. */
  readonly value: bigint;
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
 * one that has one: before votes are heard bids alone compare.
 */
export function bidIn({ own, rivals, deposit, value }: Contest, policy: BidPolicy): bigint {
  const { burnBid } = own;
  const best = rivals.reduce((most, rival) => (strength(rival) > most ? strength(rival) : most), 0n);
  if (strength(own) > best) return burnBid;
  const limit = least(policy.maxBid, deposit, (value * policy.valueBps) / (BPS * BID_UNIT));
  const cubed = score(heads(own), 1n);
  const needed = squareRoot(best / cubed) + 1n;
  const raised = burnBid + (burnBid * policy.raiseBps + BPS - 1n) / BPS;
  const bid = needed > raised ? needed : raised;
  return bid > limit ? burnBid : bid;
}

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
