import { slotCount } from "../../protocol/nodes.ts";
import { type Wait, waitUntil } from "../action.ts";
import { deadlinesOf } from "../schedule.ts";
import { type L1Commit, ranking } from "../l1View.ts";
import type { ProverOwn } from "./own.ts";
import { expectedPay, slotsHeard } from "./proving.ts";
import type { ProverAction, ProverPolicy, ProverView } from "./view.ts";

/**
 * Submits the forest of a block whose proposer does not, once every slot has a proof and no first forest is taken for
 * much longer, if the prover's own slots are likely to earn more than that costs. A proposer that only pretends to have
 * a block can hide it from rivals, but not from those whose work it has used.
 */
export function* completing(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  const { l1, forest, provable } = view;
  const { costPerForest } = policy;
  const { phase } = l1.round;
  if (costPerForest === undefined || (phase !== "Revealing" && phase !== "Proving")) return;
  for (const commit of ranking(l1)) {
    const { proposalId, candidate } = commit;
    if (candidate !== undefined || !provable.has(proposalId)) continue;
    const made = own.proofs.filter((proof) => proof.proposalId === proposalId).map(({ slot }) => slot);
    if (new Set([...slotsHeard(view, proposalId), ...made]).size < slotCount(forest)) continue;
    if (expectedPay(view, own, commit) <= costPerForest) continue;
    const turn = turnOf(view, commit);
    if (l1.now < turn) yield waitUntil(turn);
    else yield { kind: "complete", proposalId };
  }
}

/**
 * When a prover's turn is: whoever holds most slots, and so earns most, comes first, the others one after the other. So
 * the same forest is not sent by all of them at once.
 */
function turnOf({ l1, index }: ProverView, commit: L1Commit): bigint {
  const { cure, deliver } = deadlinesOf(l1.round);
  const holders = [...new Set(commit.transcript)]
    .filter((each) => each !== 0)
    .map((each) => ({ each, slots: commit.transcript.filter((other) => other === each).length }))
    .sort((a, b) => (a.slots !== b.slots ? b.slots - a.slots : a.each - b.each));
  const place = holders.findIndex(({ each }) => each === index);
  const first = cure + (deliver - cure) / 4n;
  return first + ((deliver - first) * BigInt(Math.max(0, place))) / BigInt(Math.max(1, holders.length));
}
