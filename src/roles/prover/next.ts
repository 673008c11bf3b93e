import { isAccepting } from "../../chain/index.ts";
import { type Flags, hasFlag } from "../../protocol/flags.ts";
import { decodeVote } from "../../protocol/messages.ts";
import { type Forest, parentSlot, shownVotes, slotCount } from "../../protocol/nodes.ts";
import { firstOf, type Wait, waitUntil } from "../action.ts";
import { additionsTo } from "../additions.ts";
import { fulfilledSlots, type L1Commit, type L1View, ranking } from "../l1View.ts";
import { campaignOf, deadlinesOf } from "../schedule.ts";
import { castBallot, isRival, type Offer } from "./ballot.ts";
import type { ProverOwn } from "./own.ts";

/** How a prover plays. */
export interface ProverPolicy {
  /** Slots that it can prove in one round: all its votes for a round together promise no more. */
  readonly capacity: number;
  /** What proving a slot costs it, wei of the native token: what promises less is not voted for. */
  readonly costPerSlot: bigint;
  /** Proofs that it makes at a time. */
  readonly jobs: number;
  /** Of so many leading blocks it proves, without a name, what nobody else has proven: its own slots earn by it. */
  readonly fills: number;
  /** Whether it shows L1 itself what forests leave out of its promises. */
  readonly handsIn: boolean;
  /** Unclaimed slots from which on it claims their rewards; undefined: never. */
  readonly claimFrom: number | undefined;
}

/** What a prover sees: L1, and what it has heard. */
export interface ProverView {
  readonly l1: L1View;
  readonly forest: Forest;
  /** In the registry. */
  readonly index: number;
  readonly key: bigint;
  /** Offers for the round that takes commits. */
  readonly offers: readonly Offer[];
  /** Of the height that takes commits, before scaling, wei. */
  readonly blockReward: bigint;
  /** Blocks for which votes were heard since the start. */
  readonly heard: ReadonlySet<bigint>;
  /** Blocks of the open round that everything is known of that proving takes. */
  readonly provable: ReadonlySet<bigint>;
  /** Slots of which a proof was heard, by block. */
  readonly proven: ReadonlyMap<bigint, ReadonlySet<number>>;
  /** Slots that are being proven, as `slotKey` writes them. */
  readonly inHand: ReadonlySet<string>;
  /** Votes and proofs that were sent since the start: `voteKey`, `slotKey`. */
  readonly sent: ReadonlySet<string>;
  /** Keys of actions that failed and wait. */
  readonly refused: ReadonlySet<string>;
}

export type ProverAction =
  | { readonly kind: "keep"; readonly proposalId: bigint }
  | {
      readonly kind: "vote";
      readonly roundNumber: bigint;
      readonly proposalId: bigint;
      readonly capacity: number;
      readonly minBurnBid: bigint;
    }
  | { readonly kind: "sayVote"; readonly proposalId: bigint }
  | { readonly kind: "prove"; readonly proposalId: bigint; readonly slot: number; readonly isNamed: boolean }
  | { readonly kind: "publish"; readonly proposalId: bigint; readonly slot: number }
  | { readonly kind: "handIn"; readonly proposalId: bigint; readonly slots: readonly number[] }
  | { readonly kind: "claim"; readonly slots: number };

export const slotKey = (proposalId: bigint, slot: number | ""): string => `${proposalId} ${slot}`;
export const voteKey = (proposalId: bigint): string => `vote ${proposalId}`;

/** What a prover does next. */
export function nextProver(view: ProverView, own: ProverOwn, policy: ProverPolicy): ProverAction | Wait {
  return firstOf(candidates(view, own, policy), view.refused, view.l1.now);
}

function* candidates(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  yield* keeping(view, own);
  yield* publishing(view, own);
  yield* handingIn(view, own, policy);
  yield* voting(view, own, policy);
  yield* proving(view, own, policy);
  yield* claiming(view, policy);
}

/** Votes are said once, and what proofs of merges show of them counts. */
function* keeping({ l1, heard }: ProverView, own: ProverOwn): Generator<ProverAction> {
  for (const { proposalId } of l1.open) {
    const isKept = own.ballots.some((entry) => entry.proposalId === proposalId);
    if (heard.has(proposalId) && !isKept) yield { kind: "keep", proposalId };
  }
}

/** Tells the network of proofs that L1 does not have. */
function* publishing({ l1, sent }: ProverView, own: ProverOwn): Generator<ProverAction> {
  if (!isAccepting(l1.round.phase)) return;
  for (const { proposalId, slot } of own.proofs) {
    const commit = l1.open.find((open) => open.proposalId === proposalId);
    if (commit === undefined || isDelivered(commit, slot) || sent.has(slotKey(proposalId, slot))) continue;
    yield { kind: "publish", proposalId, slot };
  }
}

/**
 * Shows L1 itself what a block lacks of the prover's promises, all of it at once: while votes count, its votes and its
 * proofs if a merge of others hides a vote; from then on its proofs. Before there is a forest, L1 keeps what it has for
 * the block that leads: the first forest may come in the last second, without its votes. Which candidates will be paid
 * nobody knows, and to hand in costs less than a slash, so what was promised is kept in all of them.
 */
function* handingIn(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  const { l1, forest, provable, inHand } = view;
  if (!policy.handsIn || !isAccepting(l1.round.phase)) return;
  const { cure, deliver, last } = deadlinesOf(l1.round);
  const [leader] = ranking(l1);
  for (const commit of l1.open) {
    const { proposalId, candidate } = commit;
    // What its nodes state goes along.
    if (!provable.has(proposalId)) continue;
    const proofs = own.proofs.filter((proof) => proof.proposalId === proposalId);
    const hidden = hiddenVotes(view, own, commit);
    if (candidate === undefined) {
      const kept = proofs.filter(
        (proof) =>
          shownVotes(forest, proof).some((slot) => hidden.includes(slot)) ||
          // The root's delivery can wait for a forest: it takes a transaction of its own.
          (proof.slot !== 0 && proof.workerKey !== 0n && !isDelivered(commit, proof.slot)),
      );
      if (kept.length === 0 || commit !== leader) continue;
      if (l1.now < cure) yield waitUntil(cure);
      else yield { kind: "handIn", proposalId, slots: kept.map(({ slot }) => slot).sort((a, b) => a - b) };
      continue;
    }
    const lacking = additionsTo(forest, candidate, proofs, (slot) => hidden.includes(slot));
    if (lacking.proofs.length === 0) continue;
    const from = lacking.votes.size > 0 ? cure : deliver;
    const isWorking = [...inHand].some((key) => key.startsWith(slotKey(proposalId, "")));
    if (l1.now < from) yield waitUntil(from);
    else if (isWorking && l1.now >= deliver && l1.now < last) yield waitUntil(last);
    else yield { kind: "handIn", proposalId, slots: lacking.proofs.map(({ slot }) => slot) };
  }
}

/**
 * Slots of the prover whose vote counts and is not proven yet, as long as it can be: of candidates, and of the block
 * that leads.
 */
function hiddenVotes(view: ProverView, own: ProverOwn, commit: L1Commit): number[] {
  const { l1 } = view;
  if (l1.now >= deadlinesOf(l1.round).deliver) return [];
  if (commit.candidate === undefined && commit !== ranking(l1)[0]) return [];
  const slots = slotsHeld(view, commit);
  if (!isVoteCounted(commit, slots.length, own)) return [];
  return slots.filter((slot) => !hasFlag(knownOf(commit), "voted", slot));
}

/** Slots of a block that are the prover's. */
const slotsHeld = ({ index, key }: ProverView, { transcript, keys }: L1Commit): number[] =>
  [...transcript.keys()].filter((slot) => transcript[slot] === index && keys[slot] === key);

function* voting(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  const { l1, forest, offers, blockReward, sent } = view;
  const { commitRound, commitRoundNumber } = l1.round;
  if (commitRound === undefined || offers.length === 0) return;
  const campaign = campaignOf(l1.round);
  if (campaign !== undefined && l1.now < campaign.vote) {
    yield waitUntil(campaign.vote);
    return;
  }
  const cast = own.votes.filter(({ roundNumber }) => roundNumber === commitRoundNumber);
  const isCommitted = (id: bigint): boolean => [...l1.open, ...l1.next].some(({ proposalId }) => proposalId === id);
  for (const { proposalId } of cast)
    if (!sent.has(voteKey(proposalId)) && !isCommitted(proposalId)) yield { kind: "sayVote", proposalId };
  const promised = cast.reduce((sum, { capacity }) => sum + capacity, 0);
  const voted = offers.filter(({ proposalId }) => cast.some((vote) => vote.proposalId === proposalId));
  const ballot = castBallot(
    offers.filter((offer) => !isCommitted(offer.proposalId) && !voted.some((known) => isRival(known, offer))),
    {
      blockReward,
      slots: slotCount(forest),
      capacity: policy.capacity - promised,
      costPerSlot: policy.costPerSlot,
    },
  );
  for (const promise of ballot) yield { kind: "vote", roundNumber: commitRoundNumber, ...promise };
}

/** What it is assigned and has voted for, then merges that others hide its votes by, then what nobody has proven. */
function* proving(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  const { l1, forest, provable, index, inHand } = view;
  const { phase } = l1.round;
  if (!isAccepting(phase)) return;
  const { fill } = deadlinesOf(l1.round);
  if (inHand.size >= policy.jobs) return;
  const ranked = ranking(l1).filter(({ proposalId }) => provable.has(proposalId));
  const isMade = (proposalId: bigint, slot: number): boolean =>
    inHand.has(slotKey(proposalId, slot)) ||
    own.proofs.some((entry) => entry.proposalId === proposalId && entry.slot === slot);

  for (const commit of ranked) {
    const { proposalId } = commit;
    const slots = slotsHeld(view, commit);
    if (!isVoteCounted(commit, slots.length, own)) continue;
    for (const slot of slots) {
      if (isMade(proposalId, slot) || isDelivered(commit, slot)) continue;
      if (phase === "Delivering" && !hasFlag(commit.candidate!.flags, "voted", slot)) continue;
      yield { kind: "prove", proposalId, slot, isNamed: true };
    }
  }
  for (const commit of policy.handsIn ? ranked : []) {
    const { proposalId } = commit;
    const merges = hiddenVotes(view, own, commit).map((slot) => parentSlot(forest, slot) ?? 0);
    const unmade = merges.filter((merge) => !isMade(proposalId, merge));
    if (unmade.length === 0) continue;
    if (l1.now < fill) yield waitUntil(fill);
    else yield { kind: "prove", proposalId, slot: unmade[0]!, isNamed: false };
  }
  const unfinished = ranked.slice(0, policy.fills).filter(({ candidate }) => candidate === undefined);
  if (unfinished.length > 0 && l1.now < fill) {
    yield waitUntil(fill);
    return;
  }
  for (const { proposalId, transcript } of unfinished) {
    const heard = view.proven.get(proposalId) ?? new Set<number>();
    for (let i = 0; i < transcript.length; i++) {
      // Each begins elsewhere, so that not all prove the same.
      const slot = (i + index) % transcript.length;
      if (!heard.has(slot) && !isMade(proposalId, slot)) yield { kind: "prove", proposalId, slot, isNamed: false };
    }
  }
}

/**
 * Whether the vote for a block counts there. A proposer can name whomever it likes, as often as it likes: what nobody
 * has promised is neither paid nor owed.
 */
function isVoteCounted({ proposalId, commitment }: L1Commit, slots: number, { votes }: ProverOwn): boolean {
  const entry = votes.find((vote) => vote.proposalId === proposalId);
  return (
    entry !== undefined && entry.capacity >= slots && decodeVote(entry.vote).minBurnBid <= commitment.terms.burnBid
  );
}

function* claiming({ l1, index }: ProverView, { claimFrom }: ProverPolicy): Generator<ProverAction> {
  if (claimFrom === undefined) return;
  const slots = l1.paid.reduce((sum, block) => sum + unclaimedSlots(block, index).length, 0);
  if (slots > 0 && slots >= claimFrom) yield { kind: "claim", slots };
}

/** Slots of a paid block that a prover has earned and not been paid for. */
export function unclaimedSlots(block: L1View["paid"][number], index: number): number[] {
  const isMine = (slot: number): boolean =>
    Number.parseInt(block.transcript.slice(2 + 4 * slot, 6 + 4 * slot), 16) === index;
  return fulfilledSlots(block).filter((slot) => isMine(slot) && !block.claimed.includes(slot));
}

const isDelivered = (commit: L1Commit, slot: number): boolean => hasFlag(knownOf(commit), "delivered", slot);

/** What L1 knows of a block's slots. */
const knownOf = ({ candidate, handedIn }: L1Commit): Flags => candidate?.flags ?? handedIn;
