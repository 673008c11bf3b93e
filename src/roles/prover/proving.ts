import { isAccepting } from "../../protocol/phase.ts";
import { parentSlot, slotCount } from "../../protocol/nodes.ts";
import { type Wait, waitUntil } from "../action.ts";
import { type L1Commit, ranking } from "../l1View.ts";
import { deadlinesOf } from "../schedule.ts";
import { CERTAIN, chancesOf } from "./chances.ts";
import { hiddenVotes } from "./handingIn.ts";
import { duties, isMade, payOf } from "./order.ts";
import type { ProverOwn } from "./own.ts";
import { slotsPromised } from "./promises.ts";
import { slowest } from "./rates.ts";
import { fillingTurn } from "./turns.ts";
import type { ProverAction, ProverPolicy, ProverView } from "./view.ts";

/** What it has promised, then merges that others hide its votes by, then what nobody has proven. */
export function* proving(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  const { l1, forest, provable, inHand } = view;
  if (!isAccepting(l1.round.phase)) return;
  const { fill } = deadlinesOf(l1.round);
  if (inHand.size >= policy.jobs) return;

  for (const { commit, slot } of duties(view, own, policy.secondsPerProof))
    yield { kind: "prove", proposalId: commit.proposalId, slot, isNamed: true };

  const ranked = ranking(l1).filter(({ proposalId }) => provable.has(proposalId));
  for (const commit of policy.handsIn ? ranked : []) {
    const { proposalId } = commit;
    const merges = hiddenVotes(view, own, commit).map((slot) => parentSlot(forest, slot) ?? 0);
    const unmade = merges.filter((merge) => !isMade(view, own, proposalId, merge));
    if (unmade.length === 0) continue;
    if (l1.now < fill) yield waitUntil(fill);
    else yield { kind: "prove", proposalId, slot: unmade[0]!, isNamed: false };
  }
  yield* filling(view, own, policy, ranked);
}

/** Proves without a name what others leave of blocks that have no forest yet. */
function* filling(
  view: ProverView,
  own: ProverOwn,
  policy: ProverPolicy,
  ranked: readonly L1Commit[],
): Generator<ProverAction | Wait> {
  // Whoever leaves keeps its word, and does no more.
  if (policy.exit) return;
  const { l1, forest, rates } = view;
  const { fill, deliver } = deadlinesOf(l1.round);
  const unfinished = ranked.filter(
    (commit, rank) =>
      commit.candidate === undefined &&
      (rank < policy.fills || (policy.fillsWhatPays && paysToFill(view, own, policy, commit))),
  );
  if (unfinished.length > 0 && l1.now < fill) {
    yield waitUntil(fill);
    return;
  }
  // A first forest has to be there before nothing but deliveries is taken.
  const seconds = BigInt(Math.ceil(slowest(rates, forest, 0)));
  if (l1.now + seconds >= deliver) return;
  for (const commit of unfinished) {
    const { proposalId, transcript } = commit;
    const heard = slotsHeard(view, proposalId);
    const takes = slowest(rates, forest, policy.secondsPerProof);
    const gaps = [...transcript.keys()]
      .filter((slot) => !heard.has(slot) && !isMade(view, own, proposalId, slot))
      .map((slot) => ({ slot, turn: fillingTurn(view, commit, slot, takes) }))
      .sort((a, b) => (a.turn !== b.turn ? (a.turn < b.turn ? -1 : 1) : a.slot - b.slot));
    for (const { slot, turn } of gaps) {
      if (l1.now >= turn) yield { kind: "prove", proposalId, slot, isNamed: false };
      else yield waitUntil(turn);
    }
  }
}

export const slotsHeard = ({ proofs }: Pick<ProverView, "proofs">, proposalId: bigint): ReadonlySet<number> =>
  new Set(proofs.get(proposalId)?.map(({ slot }) => slot));

/** Whether the prover's own slots are likely to earn more than all of the gaps cost. */
function paysToFill(view: ProverView, own: ProverOwn, { costPerSlot }: ProverPolicy, commit: L1Commit): boolean {
  const heard = slotsHeard(view, commit.proposalId);
  const slots = Array.from({ length: slotCount(view.forest) }, (_, slot) => slot);
  const gaps = slots.filter((slot) => !heard.has(slot) && !isMade(view, own, commit.proposalId, slot));
  return expectedPay(view, own, commit) > BigInt(gaps.length) * costPerSlot;
}

/** Wei that the prover's slots of a block earn, times the chance that it wins. */
export function expectedPay(view: ProverView, own: ProverOwn, commit: L1Commit): bigint {
  const held = slotsPromised(view, commit, own);
  const pay = held.reduce((sum, slot) => sum + payOf(view, commit, held, slot), 0n);
  return (pay * (chancesOf(view.l1).get(commit.proposalId) ?? 0n)) / CERTAIN;
}
