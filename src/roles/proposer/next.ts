import { firstOf, type Wait, waitUntil } from "../action.ts";
import { ranking } from "../l1View.ts";
import { campaigning } from "./campaigning.ts";
import { depositing } from "./depositing.ts";
import type { ProposerOwn } from "./own.ts";
import { ownBlock } from "./ownBlock.ts";
import type { ProposerAction, ProposerPolicy, ProposerView } from "./view.ts";

/** What a proposer does next. */
export function nextProposer(view: ProposerView, own: ProposerOwn, policy: ProposerPolicy): ProposerAction | Wait {
  return firstOf(candidates(view, own, policy), view.refused, view.l1.now);
}

function* candidates(view: ProposerView, own: ProposerOwn, policy: ProposerPolicy): Generator<ProposerAction | Wait> {
  yield* ownBlock(view, own);
  yield* advancing(view, policy);
  yield* settling(view);
  yield* depositing(view, policy);
  yield* campaigning(view, own, policy);
  yield* claiming(view, policy);
}

/** Makes a decided block final, where nothing does so on the way: its own at once. */
function* advancing({ l1, me }: ProposerView, { advanceAfter }: ProposerPolicy): Generator<ProposerAction | Wait> {
  const { phase, parent, acceptanceEnds } = l1.round;
  if (advanceAfter === undefined || phase !== "Advanceable") return;
  const isOwn = ranking(l1)[0]?.commitment.proposer === me;
  const due = acceptanceEnds + (isOwn ? 0n : BigInt(advanceAfter));
  if (l1.now < due) yield waitUntil(due);
  else yield { kind: "advance", parent };
}

/** Frees own lanes. */
function* settling({ l1, me }: ProposerView): Generator<ProposerAction> {
  for (const commitment of l1.unsettled) if (commitment.proposer === me) yield { kind: "settle", commitment };
}

function* claiming(
  { rewards, fees }: ProposerView,
  { claimFrom, claimFeesFrom }: ProposerPolicy,
): Generator<ProposerAction> {
  if (claimFrom !== undefined && rewards > 0n && rewards >= claimFrom) yield { kind: "claim", rewards };
  if (claimFeesFrom !== undefined && fees > 0n && fees >= claimFeesFrom) yield { kind: "claimFees", fees };
}
