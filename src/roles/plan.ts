import type { Vote } from "../protocol/vote.ts";
import { BlockPlan } from "../proving/forest.ts";
import type { Rules } from "../state/executor.ts";
import type { L1Commit, L1View } from "./l1View.ts";
import type { Ledger } from "./ledger.ts";

/**
 * What every node of a commit of the open round proves; undefined if its block or the state below it is not known here.
 * @param votes those that the transcript relies on
 */
export function planOf(
  { round }: Pick<L1View, "round">,
  { commitment, proposalId, transcript, keys }: L1Commit,
  votes: readonly Vote[],
  ledger: Ledger,
  rules: Rules,
): BlockPlan | undefined {
  const executed = ledger.executed(proposalId);
  if (executed === undefined) return undefined;
  return new BlockPlan({
    profile: rules.profile,
    bases: executed.bases,
    domain: rules.domain,
    proposalId,
    orderCommitment: commitment.orderCommitment,
    burnBid: commitment.terms.burnBid,
    roundSeed: round.roundSeed,
    transcript,
    keys,
    votes,
  });
}
