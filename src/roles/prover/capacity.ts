import { secondsOf, slowest } from "./rates.ts";
import type { ProverOwn, VoteEntry } from "./own.ts";
import { slotsPromised } from "./promises.ts";
import type { ProverPolicy, ProverView } from "./view.ts";

/** The part of what it can prove that a prover promises: machines stall, and others fill its node with work. */
const PROMISED = 0.7;

export type CapacityView = Pick<ProverView, "l1" | "forest" | "economy" | "index" | "key" | "rates">;

/**
 * Slots that the prover can still promise to blocks on a parent, in the round that takes commits. The work of a round
 * begins, at the latest, when its reveals end, and is done when no first forest is taken any more: half an acceptance
 * window. Every block that it has voted for may be proven, and then it owes all that it promised there: so the promises
 * for different blocks add up. Those on different parents do not: one parent wins, and what builds on others is dead.
 */
export function freeSlots(
  view: CapacityView,
  own: Pick<ProverOwn, "votes">,
  policy: Pick<ProverPolicy, "capacity" | "jobs" | "secondsPerProof">,
  parent: bigint,
): number {
  const { forest, rates, economy, l1 } = view;
  const { capacity, jobs, secondsPerProof } = policy;
  const slot = slowest(rates, forest, secondsPerProof);
  const promised = own.votes
    .filter(({ roundNumber }) => roundNumber === l1.round.commitRoundNumber)
    // Of what another program has promised nobody knows the parent here.
    .filter((vote) => (vote.parent ?? parent) === parent)
    .map((vote) => promiseOf(view, vote, own, secondsPerProof));
  const slots = promised.reduce((sum, each) => sum + each.slots, 0);
  const seconds = promised.reduce((sum, each) => sum + each.seconds, 0);
  const budget = (PROMISED * jobs * Number(economy.acceptanceWindow)) / 2;
  return Math.max(0, Math.min(capacity - slots, Math.floor((budget - seconds) / slot)));
}

/** What a vote may come to. Before its block is committed that is all it says; after that, what the block takes. */
function promiseOf(
  view: CapacityView,
  vote: VoteEntry,
  own: Pick<ProverOwn, "votes">,
  assumed: number,
): { readonly slots: number; readonly seconds: number } {
  const { l1, forest, rates } = view;
  const commits = [...l1.open, ...l1.next];
  const commit = commits.find(({ proposalId }) => proposalId === vote.proposalId);
  if (commit !== undefined) {
    const held = slotsPromised(view, commit, own);
    return {
      slots: held.length,
      seconds: held.reduce((sum, slot) => sum + secondsOf(rates, forest, slot, assumed), 0),
    };
  }
  // A proposer commits to one block on a parent: if that is another, this one never comes.
  const isDead = commits.some(
    ({ parent, commitment }) => parent === vote.parent && commitment.proposer === vote.proposer,
  );
  if (isDead) return { slots: 0, seconds: 0 };
  return { slots: vote.capacity, seconds: vote.capacity * slowest(rates, forest, assumed) };
}
