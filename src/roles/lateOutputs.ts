import { hasFlag, isFulfilled } from "../protocol/flags.ts";
import type { ProofAtHand } from "./additions.ts";
import type { L1Commit, L1View } from "./l1View.ts";

/** Of a slot's VRF output, which a hand-in after the first forest brings. */
export const outputKey = (proposalId: bigint, slot: number | ""): string => `output ${proposalId} ${slot}`;

/** Adds to `sent` that L1 has the outputs of these proofs. */
export function rememberOutputs(sent: Set<string>, proposalId: bigint, proofs: readonly ProofAtHand[]): void {
  for (const { slot, workerKey } of proofs) if (workerKey !== 0n) sent.add(outputKey(proposalId, slot));
}

/**
 * In a race, proofs of deliveries that were handed in before there was a forest. L1 counts those without the VRF
 * outputs that make the score, until somebody brings them again: a rival's first forest would have the block lose.
 * @param sent outputs that were brought, see `outputKey`
 * @returns one for each slot whose vote is known, in slot order
 */
export function lateOutputs<P extends ProofAtHand>(
  { round: { roundSeed } }: L1View,
  { proposalId, candidate }: L1Commit,
  proofs: readonly P[],
  sent: ReadonlySet<string>,
): readonly P[] {
  if (candidate === undefined || roundSeed === 0n) return [];
  const { flags } = candidate;
  const named = proofs.filter(
    ({ slot, workerKey }) =>
      workerKey !== 0n &&
      hasFlag(flags, "handedIn", slot) &&
      isFulfilled(flags, slot) &&
      !sent.has(outputKey(proposalId, slot)),
  );
  return [...new Map(named.map((proof) => [proof.slot, proof])).values()].sort((a, b) => a.slot - b.slot);
}

/**
 * Slots of what one hand-in brings: L1 refuses what adds nothing, and nobody knows which outputs do. The root comes in
 * a transaction of its own.
 */
export function outputParts(outputs: readonly ProofAtHand[]): readonly (readonly number[])[] {
  const slots = outputs.map(({ slot }) => slot);
  return [slots.filter((slot) => slot !== 0), slots.filter((slot) => slot === 0)].filter((part) => part.length > 0);
}
