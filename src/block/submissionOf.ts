import type { SubmitProofParameters } from "../chain/index.ts";
import type { BlockPlan, NodeProof } from "../proving/forest.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/** What L1 is sent for a committed block once all its nodes are proven. */
export function submissionOf(
  { commitment }: CommittedBlock,
  plan: BlockPlan,
  proofs: readonly NodeProof[],
): SubmitProofParameters {
  const { nextStateRoot, txsRoot, fees, l1OpCount, txCount, withdrawalsRoot, dataEval, proversRoot } = plan.statement;
  const { flags, rootCommitment, contents, betas, proofs: encoded } = plan.submission(proofs);
  return {
    commitment,
    nextStateRoot,
    txsRoot,
    fees,
    l1OpCount,
    txCount,
    withdrawalsRoot,
    dataEval,
    proversRoot,
    flags,
    rootCommitment,
    contents,
    betas,
    proofs: encoded,
  };
}
