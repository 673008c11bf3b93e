import { laneAt, roundOf } from "../../protocol/round.ts";
import { BPS } from "../../protocol/terms.ts";
import type { ProposalMessage } from "../messages.ts";
import { ACCEPT, ignore, postpone, reject, type Verdict } from "../verdict.ts";
import type { GossipView } from "../view.ts";

/** An offer to provers. @param sender address of the envelope's owner */
export function validateProposal(
  { proposal, burnBid }: ProposalMessage,
  sender: string,
  { rollup, rounds, deposits }: GossipView,
): Verdict {
  const { domain, roundId, parent, proverShareBps, proposer } = proposal;
  if (domain !== rollup.domain) return reject("proposal is another rollup's");
  if (proposer !== sender) return reject("proposal is not its sender's");
  if (BigInt(proverShareBps) > BPS) return reject("prover share is above 100 %");
  if (burnBid < rollup.minBid) return reject("bid is below the least one");
  const deposit = deposits.get(proposer)?.[laneAt(roundOf(roundId).height)];
  if (deposit === undefined) return ignore("proposer has no seat");
  // L1 takes no such commit: who could offer it for nothing would have the votes of everybody.
  if (burnBid > deposit) return ignore("bid is above the deposit");
  const round = rounds.find((open) => open.roundId === roundId);
  if (round === undefined) return postpone("round takes no commits");
  return round.parents.includes(parent) ? ACCEPT : postpone("parent is unknown");
}
