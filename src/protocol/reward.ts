import { assertUint } from "./field.ts";
import { type Flags, isFulfilled } from "./flags.ts";
import { OutOfRangeError } from "./errors.ts";
import { type Forest, nodeAt, nodeWeight } from "./nodes.ts";
import { BPS } from "./terms.ts";
import type { Transcript } from "./transcript.ts";

/** The schedule of new tokens. */
export interface Issuance {
  /** Wei. */
  readonly initialReward: bigint;
  /** Blocks. */
  readonly halvingInterval: bigint;
}

/** What a transcript and its flags count for. */
export interface Fulfilment {
  /** Distinct provers with a fulfilled slot: the N of the score. */
  readonly provers: number;
  readonly fulfilledWeight: bigint;
}

/** How a candidate's reward is divided; all in wei. */
export interface Split {
  readonly effective: bigint;
  /** What one part of the provers' pool is: for a unit of fulfilled node weight; under fair pay, for a prover. */
  readonly proverUnit: bigint;
  readonly proposer: bigint;
}

/** Wei newly minted for a height, counted from 1. */
export function blockReward({ initialReward, halvingInterval }: Issuance, height: number): bigint {
  if (height < 1) throw new OutOfRangeError("height", height, "at least 1");
  return initialReward >> ((assertUint(height, 32, "height") - 1n) / halvingInterval);
}

/** What each of `paidUncles` uncles divides. */
export function uncleReward(blockReward: bigint, uncleRewardBps: bigint, paidUncles: number): bigint {
  return paidUncles === 0 ? 0n : (blockReward * uncleRewardBps) / BPS / BigInt(paidUncles);
}

/** Counts the fulfilled slots of a candidate. @param weights {@link packNodeWeights} */
export function fulfilment(forest: Forest, weights: bigint, transcript: Transcript, flags: Flags): Fulfilment {
  const provers = new Set<number>();
  let fulfilledWeight = 0n;
  transcript.forEach((prover, slot) => {
    if (prover === 0) return;
    if (!isFulfilled(flags, slot)) return;
    fulfilledWeight += nodeWeight(weights, nodeAt(forest, slot).depth);
    provers.add(prover);
  });
  return { provers: provers.size, fulfilledWeight };
}

/**
 * Divides a reward between a proposer and its provers; `proposer + proverUnit * parts = effective`.
 * @param totalWeight of all slots, assigned or not; above 0
 * @param parts of the provers' pool: units of fulfilled weight unless provers are paid by head
 */
export function splitReward(
  reward: bigint,
  proverShareBps: number,
  fulfilledWeight: bigint,
  totalWeight: bigint,
  parts = fulfilledWeight,
): Split {
  if (proverShareBps < 0 || proverShareBps > Number(BPS))
    throw new OutOfRangeError("proverShareBps", proverShareBps, `0 to ${BPS}`);
  const effective = (reward * fulfilledWeight) / totalWeight;
  const proverPool = (effective * BigInt(proverShareBps)) / BPS;
  const proverUnit = fulfilledWeight === 0n ? 0n : proverPool / parts;
  return { effective, proverUnit, proposer: effective - proverUnit * parts };
}

/** Wei that a fulfilled slot earns. */
export function slotReward({ proverUnit }: Split, weights: bigint, depth: number): bigint {
  return proverUnit * nodeWeight(weights, depth);
}
