import { OutOfRangeError } from "./errors.ts";
import { BID_UNIT, BPS } from "./terms.ts";

/** The part of what is at stake that a prover with so many recent misses loses, as in `ProverCourt.sol`. */
export function slashRateBps(baseRateBps: number, misses: number): number {
  return Math.min(baseRateBps * (1 + misses), Number(BPS));
}

/** From here on more misses do not change the rate. */
export function mostMisses(baseRateBps: number): number {
  return Math.floor((Number(BPS) - 1) / baseRateBps);
}

/** A candidate that a prover voted for, as the court looks at it. */
export interface Betrayal {
  readonly rateBps: number;
  /** What one candidate can cost the prover, wei: `eligibleStake`, or its own stake where stakes are the score. */
  readonly atStake: bigint;
  /** Of the candidate, BID_UNIT. */
  readonly burnBid: bigint;
  /** Distinct provers whose votes for it are proven. */
  readonly voters: number;
  /** Slots that this prover voted for. */
  readonly voted: number;
  /** Those of them that it did not deliver. */
  readonly undelivered: number;
}

/**
 * Wei that a prover owes for a candidate: the rate's part of what is at stake, or one and a half times its part of the
 * bid among those who voted, whichever is more, and as much of that as it left undelivered.
 */
export function slashOf({ rateBps, atStake, burnBid, voters, voted, undelivered }: Betrayal): bigint {
  if (voters < 1) throw new OutOfRangeError("voters", voters, "at least 1");
  const byBid = (3n * burnBid * BID_UNIT) / BigInt(2 * voters);
  const byRate = (BigInt(rateBps) * atStake) / BPS;
  const most = byBid > byRate ? byBid : byRate;
  return ((most < atStake ? most : atStake) * BigInt(undelivered)) / BigInt(voted);
}
