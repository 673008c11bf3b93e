import { isAccepting } from "../../protocol/phase.ts";
import { hasFlag } from "../../protocol/flags.ts";
import { shownVotes } from "../../protocol/nodes.ts";
import { type Wait, waitUntil } from "../action.ts";
import { additionsTo } from "../additions.ts";
import type { L1Commit } from "../l1View.ts";
import { lateOutputs, outputParts } from "../lateOutputs.ts";
import { deadlinesOf } from "../schedule.ts";
import type { ProverOwn } from "./own.ts";
import { isDelivered, knownOf, slotsPromised } from "./promises.ts";
import { unprovenContenders } from "./unproven.ts";
import { type ProverAction, type ProverPolicy, type ProverView, slotKey } from "./view.ts";

/**
 * Shows L1 itself what a block lacks of the prover's promises, all of it at once: while votes count, its votes and its
 * proofs if a merge of others hides a vote; from then on its proofs. Before there is a forest, L1 keeps what it has for
 * the blocks that would lead with one: the first forest may come in the last second, without its votes. Which
 * candidates will be paid nobody knows, and to hand in costs less than a slash, so what was promised is kept in all.
 * In a race it brings the outputs of what it handed in before the forest, too.
 */
export function* handingIn(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  const { l1, provable } = view;
  if (!policy.handsIn || !isAccepting(l1.round.phase)) return;
  const contenders = unprovenContenders(l1);
  for (const commit of l1.open) {
    // What its nodes state goes along.
    if (!provable.has(commit.proposalId)) continue;
    if (commit.candidate !== undefined) {
      yield* toCandidate(view, own, policy, commit);
      yield* outputsAgain(view, own, commit);
    } else if (contenders.includes(commit)) yield* beforeForest(view, own, commit);
  }
}

function* beforeForest(view: ProverView, own: ProverOwn, commit: L1Commit): Generator<ProverAction | Wait> {
  const { l1, forest } = view;
  const { cure } = deadlinesOf(l1.round);
  const { proposalId } = commit;
  const hidden = hiddenVotes(view, own, commit);
  const kept = own.proofs.filter(
    (proof) =>
      proof.proposalId === proposalId &&
      (shownVotes(forest, proof).some((slot) => hidden.includes(slot)) ||
        // The root's delivery can wait for a forest: it takes a transaction of its own.
        (proof.slot !== 0 && proof.workerKey !== 0n && !isDelivered(commit, proof.slot))),
  );
  if (kept.length === 0) return;
  if (l1.now < cure) yield waitUntil(cure);
  else {
    const slots = kept.map(({ slot }) => slot).sort((a, b) => a - b);
    yield { kind: "handIn", proposalId, slots, others: [] };
  }
}

function* toCandidate(
  view: ProverView,
  own: ProverOwn,
  { helps }: ProverPolicy,
  commit: L1Commit,
): Generator<ProverAction | Wait> {
  const { l1, forest, inHand } = view;
  const { cure, deliver, last } = deadlinesOf(l1.round);
  const { proposalId, candidate } = commit;
  const hidden = hiddenVotes(view, own, commit);
  const proofs = own.proofs.filter((proof) => proof.proposalId === proposalId);
  const lacking = additionsTo(forest, candidate!, proofs, (slot) => hidden.includes(slot));
  const slots = lacking.proofs.map(({ slot }) => slot);
  if (slots.length > 0) {
    const from = lacking.votes.size > 0 ? cure : deliver;
    const isWorking = [...inHand].some((key) => key.startsWith(slotKey(proposalId, "")));
    if (l1.now < from) yield waitUntil(from);
    else if (isWorking && l1.now >= deliver && l1.now < last) yield waitUntil(last);
    else
      yield { kind: "handIn", proposalId, slots, others: helps && l1.now >= last ? leftOf(view, commit, slots) : [] };
    return;
  }
  const others = helps && slotsPromised(view, commit, own).length > 0 ? leftOf(view, commit, []) : [];
  if (others.length === 0) return;
  // Until then they show them themselves.
  if (l1.now < last) yield waitUntil(last);
  else yield { kind: "handIn", proposalId, slots, others };
}

/** Whatever its proposer does: a rival may have sent a first forest that takes their outputs from its deliveries. */
function* outputsAgain({ l1, sent }: ProverView, own: ProverOwn, commit: L1Commit): Generator<ProverAction | Wait> {
  const { proposalId } = commit;
  const { deliver } = deadlinesOf(l1.round);
  const proofs = own.proofs.filter((proof) => proof.proposalId === proposalId);
  for (const slots of outputParts(lateOutputs(l1, commit, proofs, sent))) {
    if (l1.now < deliver) yield waitUntil(deliver);
    else yield { kind: "handIn", proposalId, slots, others: [] };
  }
}

/** Slots of others with a known vote whose deliveries were heard and are not on L1. */
function leftOf({ proofs }: ProverView, { proposalId, candidate }: L1Commit, own: readonly number[]): number[] {
  const heard = (proofs.get(proposalId) ?? []).filter(
    ({ slot, workerKey }) =>
      workerKey !== 0n &&
      !own.includes(slot) &&
      hasFlag(candidate!.flags, "voted", slot) &&
      !hasFlag(candidate!.flags, "delivered", slot),
  );
  return [...new Set(heard.map(({ slot }) => slot))].sort((a, b) => a - b);
}

/**
 * Slots of the prover whose vote counts and is not proven yet, as long as it can be: of candidates, and of blocks that
 * would lead with a forest.
 */
export function hiddenVotes(view: ProverView, own: ProverOwn, commit: L1Commit): number[] {
  const { l1 } = view;
  if (l1.now >= deadlinesOf(l1.round).deliver) return [];
  if (commit.candidate === undefined && !unprovenContenders(l1).includes(commit)) return [];
  return slotsPromised(view, commit, own).filter((slot) => !hasFlag(knownOf(commit), "voted", slot));
}
