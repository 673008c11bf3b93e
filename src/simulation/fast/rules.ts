import { burnOfUncle } from "../../protocol/burns.ts";
import { BID_UNIT, BPS } from "../../protocol/terms.ts";
import type { GameRules } from "../exact/rules.ts";

/** A deployment's money in doubles: tokens and fractions. For blocks whose named provers all voted. */
export interface FastRules {
  /** Of the first height. */
  readonly reward: number;
  readonly uncleReward: number;
  readonly uncleBurn: number;
  readonly uncleMinScore: number;
  readonly maxUncles: number;
  readonly eligibleStake: number;
  readonly baseRate: number;
  readonly slots: number;
}

const TOKEN = 1e18;
const WHOLE = 10n ** 9n;

export function fastRules({ economics: e, burnRule, slots }: GameRules): FastRules {
  const parts = { uncleBurnBps: BigInt(e.uncleBurnBps), forfeitBps: BigInt(e.forfeitBps) };
  const { burnt } = burnOfUncle(burnRule, WHOLE, parts, { silent: 0n, named: 1n });
  return {
    reward: Number(e.initialReward) / TOKEN,
    uncleReward: e.uncleRewardBps / Number(BPS),
    uncleBurn: Number(burnt) / Number(WHOLE),
    uncleMinScore: e.uncleMinScoreBps / Number(BPS),
    maxUncles: e.maxUncles,
    eligibleStake: Number(e.eligibleStake) / TOKEN,
    baseRate: e.baseRateBps / Number(BPS),
    slots,
  };
}

/** BID_UNITs in so many tokens, rounded. */
export const unitsOf = (tokens: number): bigint => BigInt(Math.round(tokens * (TOKEN / Number(BID_UNIT))));

export const tokensOf = (wei: bigint): number => Number(wei) / TOKEN;
