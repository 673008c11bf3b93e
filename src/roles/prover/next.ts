import { isAccepting } from "../../protocol/phase.ts";
import { firstOf, type Wait } from "../action.ts";
import { commitIn } from "../l1View.ts";
import { completing } from "./completing.ts";
import { handingIn } from "./handingIn.ts";
import type { ProverOwn } from "./own.ts";
import { isDelivered } from "./promises.ts";
import { proving } from "./proving.ts";
import { standing } from "./standing.ts";
import { type ProverAction, type ProverPolicy, type ProverView, slotKey } from "./view.ts";
import { voting } from "./voting.ts";

/** What a prover does next. */
export function nextProver(view: ProverView, own: ProverOwn, policy: ProverPolicy): ProverAction | Wait {
  return firstOf(candidates(view, own, policy), view.refused, view.l1.now);
}

function* candidates(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  yield* keeping(view, own);
  yield* publishing(view, own);
  yield* handingIn(view, own, policy);
  yield* completing(view, own, policy);
  yield* voting(view, own, policy);
  yield* proving(view, own, policy);
  yield* standing(view, own, policy);
}

/** Votes are said once, and what proofs of merges show of them counts. */
function* keeping({ l1, voters }: ProverView, own: ProverOwn): Generator<ProverAction> {
  for (const { proposalId } of l1.open) {
    const isKept = own.ballots.some((entry) => entry.proposalId === proposalId);
    if (voters.has(proposalId) && !isKept) yield { kind: "keep", proposalId };
  }
}

/** Tells the network of proofs that L1 does not have. */
function* publishing({ l1, sent }: ProverView, own: ProverOwn): Generator<ProverAction> {
  if (!isAccepting(l1.round.phase)) return;
  for (const { proposalId, slot } of own.proofs) {
    const commit = commitIn(l1, proposalId);
    if (commit === undefined || isDelivered(commit, slot) || sent.has(slotKey(proposalId, slot))) continue;
    yield { kind: "publish", proposalId, slot };
  }
}
