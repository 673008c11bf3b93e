import { assertUint } from "../field.ts";
import { BPS } from "../terms.ts";
import { ln } from "./logMath.ts";

/** What policies ask about a candidate. Each prover that fulfilled a slot counts once. */
export interface Entry {
  /** BID_UNIT. */
  readonly burnBid: bigint;
  readonly provers: number;
  /** Transfers in the block. */
  readonly txCount: number;
  /** Of the round; 0 where the policy has none. */
  readonly exponent: number;
  /** Stakes in wei when the round opened, one for each prover; empty unless {@link ScorePolicy.usesStakes}. */
  readonly stakes: readonly bigint[];
  /** In the same order, 0 for a prover without one; empty unless {@link ScorePolicy.usesBetas}. */
  readonly betas: readonly bigint[];
}

/** Ranks candidates; the same rules and the same numbers as the contract of that name. */
export interface ScorePolicy {
  readonly usesStakes: boolean;
  readonly usesBetas: boolean;
  /** Of the first round; 0 where there is none. */
  readonly initialExponent: number;
  /** The higher wins; below 2^200. */
  readonly score: (entry: Entry) => bigint;
  /** The least score that is worth `bps` / 10,000 of another. */
  readonly fraction: (score: bigint, bps: bigint) => bigint;
  /** The exponent of rounds that open after a block of `provers` became final. */
  readonly nextExponent: (exponent: number, provers: number) => number;
}

/** What a policy without an exponent has. */
export const WITHOUT_EXPONENT = { initialExponent: 0, nextExponent: (exponent: number): number => exponent };

/** `N^3 B^2`. @param provers or what stands for them, below 2^21 @param burnBid in BID_UNIT */
export function cubeSquare(provers: bigint | number, burnBid: bigint): bigint {
  return assertUint(provers, 21, "provers") ** 3n * assertUint(burnBid, 64, "burnBid") ** 2n;
}

/** A fraction of a score that is a number, rounded up. */
export function linearFraction(score: bigint, bps: bigint): bigint {
  return (score * bps + BPS - 1n) / BPS;
}

/**
 * A fraction of a score that is a logarithm; 0 if there is none.
 * @param scale units of the score in one of {@link ln}
 */
export function logFraction(score: bigint, bps: bigint, scale: bigint): bigint {
  if (bps === 0n) return 0n;
  const less = scale * (ln(BPS) - ln(bps));
  return less < score ? score - less : 0n;
}
