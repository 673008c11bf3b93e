import type { Commitment } from "../../chain/index.ts";
import { firstOf, actionKey, type Wait, waitUntil } from "../action.ts";
import type { Debt, L1View } from "../l1View.ts";

/** How a follower serves the others. */
export interface FollowerPolicy {
  /** Seconds that it leaves to others, who earn by it, before it makes a decided block final; undefined: never. */
  readonly advanceAfter: number | undefined;
  /** Whether it settles commits that their proposers leave, so that what is forfeited burns. */
  readonly settles: boolean;
  /** Whether it has provers charged that broke their word, so that withholding costs what it should. */
  readonly slashes: boolean;
}

export interface FollowerView {
  readonly l1: L1View;
  /** proposalId of the last final block that is in the store. */
  readonly head: bigint;
  /** Keys of slashes that the court has refused for good, see {@link actionKey}. */
  readonly dropped: ReadonlySet<string>;
  /** Keys of actions that failed and wait. */
  readonly refused: ReadonlySet<string>;
}

export type FollowerAction =
  | { readonly kind: "sync"; readonly finalProposal: bigint }
  | { readonly kind: "advance"; readonly parent: bigint }
  | { readonly kind: "settle"; readonly commitment: Commitment }
  | ({ readonly kind: "slash" } & Pick<Debt, "proposalId" | "proverIndex" | "transcript">);

/** What a follower does next. It has no memory but its store. */
export function nextFollower(view: FollowerView, policy: FollowerPolicy): FollowerAction | Wait {
  return firstOf(candidates(view, policy), view.refused, view.l1.now);
}

function* candidates(
  { l1, head, dropped }: FollowerView,
  { advanceAfter, settles, slashes }: FollowerPolicy,
): Generator<FollowerAction | Wait> {
  const { phase, advanceDue, parent, proposalEnds, revealEnds, acceptanceEnds } = l1.round;
  if (head !== l1.finalProposal) yield { kind: "sync", finalProposal: l1.finalProposal };
  if (advanceDue && advanceAfter !== undefined) {
    // Where the next round is running already, it began when this block was decided; its first reveal makes it final.
    const decidedAt = phase === "Advanceable" ? acceptanceEnds : proposalEnds;
    const due = decidedAt + BigInt(advanceAfter);
    if (l1.now < due) yield waitUntil(due);
    else yield { kind: "advance", parent };
  }
  if (settles) for (const commitment of l1.unsettled) yield { kind: "settle", commitment };
  for (const { proposalId, proverIndex, transcript } of slashes ? l1.debts : []) {
    const action = { kind: "slash", proposalId, proverIndex, transcript } as const;
    if (!dropped.has(actionKey(action))) yield action;
  }
  for (const moment of [proposalEnds, revealEnds, acceptanceEnds]) yield waitUntil(moment);
}
