import type { ChainClient } from "../chain/index.ts";
import { blockReward, type Issuance } from "../protocol/reward.ts";
import { BPS } from "../protocol/terms.ts";

/** What of a deployment decides whether work pays. None of it ever changes. */
export interface Economy extends Issuance {
  /** 0: provers are paid by slot. Above 0, by head: the part of the reward that they share. */
  readonly fairShareBps: number;
  /** What a slot counts, see `packNodeWeights`. */
  readonly nodeWeights: bigint;
  /** The stake below which a prover does not count, wei, and the most that a round can cost it. */
  readonly eligibleStake: bigint;
  /** What withholding everything costs a prover without misses, 1/10,000 of `eligibleStake`. */
  readonly baseRateBps: bigint;
  /** A paid uncle has at least this part of the winner's score. */
  readonly uncleMinScoreBps: bigint;
  /** The part of its bid that a paid uncle burns, 1/10,000. */
  readonly uncleBurnBps: bigint;
  /** The part of the block reward that all paid uncles share, 1/10,000. */
  readonly uncleRewardBps: bigint;
  /** Uncles that are paid in a round, at most. */
  readonly maxUncles: number;
  /** Seconds. */
  readonly acceptanceWindow: bigint;
  /** BID_UNIT. */
  readonly minBid: bigint;
}

/** Reads it once for all. */
export async function readEconomy({ rollup, registry, court, scorer }: ChainClient): Promise<Economy> {
  const [initialReward, halvingInterval, fairShareBps, nodeWeights] = await Promise.all([
    rollup.initialReward(),
    rollup.halvingInterval(),
    rollup.fairShareBps(),
    scorer.nodeWeights(),
  ]);
  const [eligibleStake, baseRateBps, acceptanceWindow, minBid] = await Promise.all([
    registry.eligibleStake(),
    court.baseRateBps(),
    rollup.acceptanceWindow(),
    rollup.minBid(),
  ]);
  const [uncleMinScoreBps, uncleBurnBps, uncleRewardBps, maxUncles] = await Promise.all([
    rollup.uncleMinScoreBps(),
    rollup.uncleBurnBps(),
    rollup.uncleRewardBps(),
    rollup.maxUncles(),
  ]);
  return {
    ...{ initialReward, halvingInterval, fairShareBps: Number(fairShareBps), nodeWeights, eligibleStake },
    ...{ baseRateBps, acceptanceWindow, minBid },
    ...{ uncleMinScoreBps, uncleBurnBps, uncleRewardBps, maxUncles: Number(maxUncles) },
  };
}

/** Wei that a height mints, before it is scaled. 0 for one that does not exist. */
export const rewardOf = (economy: Economy, height: number): bigint => (height < 1 ? 0n : blockReward(economy, height));

/** What a slash costs that takes everything a prover has at stake in one block, wei. @param misses of its record */
export function slashOf(
  { eligibleStake, baseRateBps }: Economy,
  { misses, bid, voters }: { readonly misses: number; /** Wei. */ readonly bid: bigint; readonly voters: number },
): bigint {
  const rate = baseRateBps * BigInt(1 + misses);
  const byRate = ((rate < BPS ? rate : BPS) * eligibleStake) / BPS;
  const byBid = voters === 0 ? 0n : (3n * bid) / (2n * BigInt(voters));
  const most = byRate > byBid ? byRate : byBid;
  return most < eligibleStake ? most : eligibleStake;
}
