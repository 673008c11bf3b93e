import { hasFlag } from "../protocol/flags.ts";
import type { SlotProof } from "../protocol/forest.ts";
import { type Forest, shownVotes } from "../protocol/nodes.ts";
import type { L1Candidate } from "./l1View.ts";

/** What a proof says, whoever made it. */
export type ProofAtHand = Pick<SlotProof, "slot" | "mask" | "workerKey">;

/** What of some proofs L1 does not know yet. */
export interface Additions<P> {
  /** One for each slot at most, in slot order. */
  readonly proofs: readonly P[];
  /** Slots whose votes they show first. */
  readonly votes: ReadonlySet<number>;
}

/**
 * The proofs that add something to a candidate: a vote that no forest has shown, or a delivery of a slot whose vote is
 * known, or shown by one of them.
 * @param isWanted whether a vote for a slot still counts, and somebody here cares for it
 */
export function additionsTo<P extends ProofAtHand>(
  forest: Forest,
  { flags }: Pick<L1Candidate, "flags">,
  proofs: readonly P[],
  isWanted: (slot: number) => boolean,
): Additions<P> {
  const added = new Map<number, P>();
  const votes = new Set<number>();
  for (const proof of proofs) {
    const shown = shownVotes(forest, proof).filter(
      (slot) => isWanted(slot) && !votes.has(slot) && !hasFlag(flags, "voted", slot),
    );
    if (shown.length === 0 || added.has(proof.slot)) continue;
    added.set(proof.slot, proof);
    for (const slot of shown) votes.add(slot);
  }
  const isVoted = (slot: number): boolean => votes.has(slot) || hasFlag(flags, "voted", slot);
  for (const proof of proofs) {
    const { slot, workerKey } = proof;
    if (workerKey === 0n || added.has(slot) || hasFlag(flags, "delivered", slot)) continue;
    if (isVoted(slot)) added.set(slot, proof);
  }
  return { proofs: [...added.values()].sort((a, b) => a.slot - b.slot), votes };
}
