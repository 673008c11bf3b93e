import { BID_UNIT } from "../../protocol/terms.ts";
import type { ProposerAction, ProposerPolicy, ProposerView } from "./view.ts";

type Lanes = Pick<ProposerView, "l1" | "me" | "deposits">;

/** Lanes of a proposer with a seat whose deposit is below what its operator wants. */
export function lowLanes({ l1, me, deposits }: Lanes, { deposit }: Pick<ProposerPolicy, "deposit">): (0 | 1)[] {
  if (deposit === undefined || !l1.seats.has(me)) return [];
  return ([0, 1] as const).filter((lane) => deposits[lane] < deposit.floor);
}

/** Fills up lanes as far as its tokens go: what won has burnt, and a bid needs a deposit. */
export function* depositing(view: ProposerView, policy: ProposerPolicy): Generator<ProposerAction> {
  for (const lane of lowLanes(view, policy)) {
    const missing = policy.deposit!.target - view.deposits[lane];
    const owned = view.balance / BID_UNIT;
    const amount = owned < missing ? owned : missing;
    if (amount > 0n) yield { kind: "deposit", lane, amount };
  }
}
