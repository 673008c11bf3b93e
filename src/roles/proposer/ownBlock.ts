import { isAccepting } from "../../protocol/phase.ts";
import { type Forest, slotCount } from "../../protocol/nodes.ts";
import { type Wait, waitUntil } from "../action.ts";
import { additionsTo, type ProofAtHand } from "../additions.ts";
import type { L1Commit, L1View } from "../l1View.ts";
import { lateOutputs, outputParts } from "../lateOutputs.ts";
import { deadlinesOf } from "../schedule.ts";
import type { ProposerOwn } from "./own.ts";
import type { ProposerAction, ProposerView } from "./view.ts";

/**
 * Reveals, submits, and hands in what comes later: votes while they count, and deliveries. For a live commit alone: L1
 * has no other in `open`. Nothing but the phase decides whether a forest is submitted. Whatever others have proven
 * meanwhile, a proven block may be paid as an uncle, and one that is proven with all votes forfeits nothing.
 */
export function* ownBlock(
  { l1, me, proofs, forest, sent }: ProposerView,
  own: ProposerOwn,
): Generator<ProposerAction | Wait> {
  const { phase, proposalEnds, acceptanceEnds } = l1.round;
  yield waitUntil(proposalEnds);
  yield waitUntil(acceptanceEnds);
  const mine = l1.open.find(({ commitment }) => commitment.proposer === me);
  if (mine === undefined || !own.drafts.some(({ proposalId }) => proposalId === mine.proposalId)) return;
  const { proposalId, reveal, candidate } = mine;
  if (reveal === undefined) {
    if (phase === "Revealing") yield { kind: "reveal", proposalId };
    return;
  }
  if (!isAccepting(phase)) return;
  const proven = proofs.get(proposalId) ?? [];
  if (candidate === undefined) {
    const isWhole = new Set(proven.map(({ slot }) => slot)).size === slotCount(forest);
    if (isWhole && phase !== "Delivering") yield { kind: "submit", proposalId };
    return;
  }
  const added = lateProofs(l1, forest, mine, proven).map(({ slot }) => slot);
  const parts = added.length > 0 ? [added] : outputParts(lateOutputs(l1, mine, proven, sent));
  const { fill } = deadlinesOf(l1.round);
  for (const slots of parts) {
    if (l1.now < fill) yield waitUntil(fill);
    else yield { kind: "handIn", proposalId, slots };
  }
}

/** Of the proofs of a submitted block, those that add to it: votes as long as they count, and deliveries. */
export function lateProofs<P extends ProofAtHand>(
  { now, round }: L1View,
  forest: Forest,
  { candidate }: L1Commit,
  proofs: readonly P[],
): readonly P[] {
  if (candidate === undefined) return [];
  return additionsTo(forest, candidate, proofs, () => now < deadlinesOf(round).deliver).proofs;
}
