import type { CommittedBlock } from "../../block/commitDraft.ts";
import { decodeVote } from "../../protocol/messages.ts";
import type { ExecutedBlock } from "../../state/executor.ts";
import type { L1Commit } from "../l1View.ts";
import { draftIn, intentIn, proposalOf, type ProposerOwn, revealOf } from "./own.ts";

/**
 * An own block as L1 has it, with what only its proposer knows.
 * @param executed what it does @param domain of the rollup
 */
export function committedBlock(
  own: ProposerOwn,
  { proposalId, commitment, transcript }: L1Commit,
  executed: ExecutedBlock,
  domain: bigint,
): CommittedBlock {
  const entry = draftIn(own, proposalId);
  const proposal = proposalOf(entry, domain, commitment.proposer);
  const draft = { proposal, proposalId, executed, ...revealOf(entry), dropped: [] };
  const votes = intentIn(own, proposalId)!.votes.map(decodeVote);
  return { draft, commitment, transcript, burnBid: commitment.terms.burnBid, votes };
}
