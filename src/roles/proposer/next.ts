import { type Commitment, isAccepting } from "../../chain/index.ts";
import { assignProvers, type Assignment, type ProverVote } from "../../block/assign.ts";
import { type Forest, slotCount } from "../../protocol/nodes.ts";
import { roundId } from "../../protocol/round.ts";
import { firstOf, type Wait, waitUntil } from "../action.ts";
import { additionsTo, type ProofAtHand } from "../additions.ts";
import { type L1Commit, type L1View, ranking } from "../l1View.ts";
import { campaignOf, deadlinesOf } from "../schedule.ts";
import type { DraftEntry, ProposerOwn } from "./own.ts";

/** How a proposer plays. */
export interface ProposerPolicy {
  readonly proverShareBps: number;
  /** BID_UNIT. */
  readonly burnBid: bigint;
  /** Whether it commits to heights whose parent is not decided yet. */
  readonly ahead: boolean;
  /** Distinct provers without whose votes it does not commit. */
  readonly minProvers: number;
  /** Seconds that it gives provers to vote where no window is running. */
  readonly patience: number;
  /** Wei of rewards from which on it claims them; undefined: never. */
  readonly claimFrom: bigint | undefined;
}

/** What a proposer sees: L1, and what it has heard. */
export interface ProposerView {
  readonly l1: L1View;
  readonly forest: Forest;
  /** Address. */
  readonly me: string;
  /** By parity of the height: whether the lane is free for a commit, see `getLane`. */
  readonly lanesInUse: readonly [boolean, boolean];
  /** Wei of the native token that may be claimed. */
  readonly rewards: bigint;
  /** Votes of registered provers for this proposer's drafts, verified. */
  readonly votes: ReadonlyMap<bigint, readonly ProverVote[]>;
  /** Of this proposer's blocks: verified proofs that say anything, see `Assembler`. */
  readonly proofs: ReadonlyMap<bigint, readonly ProofAtHand[]>;
  /** Blocks whose L2 state is known here, so that one can build on them. */
  readonly buildable: ReadonlySet<bigint>;
  /** Offers that were sent since the start. */
  readonly sent: ReadonlySet<string>;
  /** Keys of actions that failed and wait. */
  readonly refused: ReadonlySet<string>;
}

export type ProposerAction =
  | { readonly kind: "settle"; readonly commitment: Commitment }
  | { readonly kind: "reveal"; readonly proposalId: bigint }
  | { readonly kind: "submit"; readonly proposalId: bigint }
  | { readonly kind: "handIn"; readonly proposalId: bigint; readonly slots: readonly number[] }
  | {
      readonly kind: "draft";
      readonly roundNumber: bigint;
      readonly roundId: bigint;
      readonly parent: bigint;
      readonly parentRef: number;
    }
  | { readonly kind: "offer"; readonly proposalId: bigint }
  | ({ readonly kind: "commit"; readonly proposalId: bigint } & Pick<Assignment, "transcript">)
  | { readonly kind: "claim"; readonly rewards: bigint };

export const offerKey = (proposalId: bigint): string => `offer ${proposalId}`;

/** What a proposer does next. */
export function nextProposer(view: ProposerView, own: ProposerOwn, policy: ProposerPolicy): ProposerAction | Wait {
  return firstOf(candidates(view, own, policy), view.refused, view.l1.now);
}

function* candidates(view: ProposerView, own: ProposerOwn, policy: ProposerPolicy): Generator<ProposerAction | Wait> {
  yield* openRound(view, own);
  yield* settling(view);
  yield* nextRound(view, own, policy);
  if (policy.claimFrom !== undefined && view.rewards > 0n && view.rewards >= policy.claimFrom)
    yield { kind: "claim", rewards: view.rewards };
}

/**
 * Reveals, submits, and hands in what comes later: votes while they count, and deliveries. For a live commit alone. L1
 * has no other in `open`.
 */
function* openRound({ l1, me, proofs, forest }: ProposerView, own: ProposerOwn): Generator<ProposerAction | Wait> {
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
  const added = lateProofs(l1, forest, mine, proven);
  const { fill } = deadlinesOf(l1.round);
  if (added.length === 0) return;
  if (l1.now < fill) yield waitUntil(fill);
  else yield { kind: "handIn", proposalId, slots: added.map(({ slot }) => slot) };
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

/** Frees own lanes. */
function* settling({ l1, me }: ProposerView): Generator<ProposerAction> {
  for (const commitment of l1.unsettled) if (commitment.proposer === me) yield { kind: "settle", commitment };
}

function* nextRound(view: ProposerView, own: ProposerOwn, policy: ProposerPolicy): Generator<ProposerAction | Wait> {
  const { l1, me, buildable, sent } = view;
  const { phase, commitRound, commitRoundNumber } = l1.round;
  if (commitRound === undefined || phase === "Advanceable") return;
  const isAhead = isAccepting(phase);
  if (isAhead && !policy.ahead) return;
  const committed = isAhead ? l1.next : l1.open;
  const isOfMine = ({ commitment }: L1Commit): boolean => commitment.proposer === me;
  if (phase !== "Expired" && committed.some(isOfMine)) return;

  const campaign = campaignOf(l1.round);
  if (campaign !== undefined && l1.now < campaign.draft) {
    yield waitUntil(campaign.draft);
    return;
  }

  // What was written to the journal is what is sent, whatever has become of the votes: there is one commit a round.
  const intent = own.commits.find(({ roundNumber }) => roundNumber === commitRoundNumber);
  if (intent !== undefined) {
    const { proposalId, transcript } = intent;
    const draft = own.drafts.find((entry) => entry.proposalId === proposalId)!;
    if (isOnLiveParent(view, draft, isAhead)) yield { kind: "commit", proposalId, transcript };
    return;
  }
  if (view.lanesInUse[commitRound.height % 2 === 0 ? 0 : 1]) return;

  // What only promises to be proven is passed over where it cannot be built on; what is proven leads.
  const canLead = ({ proposalId, candidate }: L1Commit): boolean =>
    candidate !== undefined || buildable.has(proposalId);
  const parent = isAhead ? ranking(l1).find(canLead) : undefined;
  if (isAhead && parent === undefined) return;
  const parentId = parent?.proposalId ?? l1.round.parent;
  if (!buildable.has(parentId)) return;
  const draft = own.drafts.find((entry) => entry.roundNumber === commitRoundNumber && entry.parent === parentId);
  if (draft === undefined) {
    const parentRef = parent === undefined ? 0 : (l1.seats.get(parent.commitment.proposer) ?? 0);
    yield {
      kind: "draft",
      roundNumber: commitRoundNumber,
      roundId: roundId(commitRound),
      parent: parentId,
      parentRef,
    };
    return;
  }
  if (!sent.has(offerKey(draft.proposalId))) yield { kind: "offer", proposalId: draft.proposalId };
  // Votes for a draft that came late, on a parent that took the lead, get their time as far as the window has it.
  const patient = draft.draftedAt + BigInt(policy.patience);
  const late = campaign && (patient < campaign.end - 1n ? patient : campaign.end - 1n);
  const commitAt = campaign === undefined ? patient : late! > campaign.commit ? late! : campaign.commit;
  if (l1.now < commitAt) {
    yield waitUntil(commitAt);
    return;
  }
  const { transcript } = transcriptFor(view, draft);
  const provers = new Set(transcript.filter((index) => index !== 0)).size;
  if (provers >= policy.minProvers) yield { kind: "commit", proposalId: draft.proposalId, transcript };
}

/** The assembler's part: who proves what, from the votes for a draft. Knows nothing of the order. */
export function transcriptFor(
  { forest, votes, l1 }: Pick<ProposerView, "forest" | "votes"> & { readonly l1: Pick<L1View, "maxSlotsPerProver"> },
  draft: DraftEntry,
): Assignment {
  return assignProvers(forest, votes.get(draft.proposalId) ?? [], draft.burnBid, l1.maxSlotsPerProver);
}

/** Whether the block that a draft builds on is final, or may still become it. */
function isOnLiveParent({ l1 }: ProposerView, { parent }: DraftEntry, isAhead: boolean): boolean {
  return isAhead ? ranking(l1).some(({ proposalId }) => proposalId === parent) : parent === l1.round.parent;
}
