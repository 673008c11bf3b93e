import type { Signer } from "ethers";
import { type ChainClient, submitProof, type SubmitProofReturn } from "../chain/index.ts";
import type { BlockPlan, NodeProof } from "../proving/forest.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/** Sends a whole forest to L1. By anyone. */
export async function submitForest(
  client: ChainClient,
  signer: Signer,
  { commitment }: CommittedBlock,
  plan: BlockPlan,
  proofs: readonly NodeProof[],
): Promise<SubmitProofReturn> {
  const { nextStateRoot, txsRoot, fees, l1OpCount, txCount, withdrawalsRoot, dataEval, proversRoot } = plan.statement;
  const { flags, rootCommitment, contents, proofs: encoded } = plan.submission(proofs);
  return submitProof(client, signer, {
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
    proofs: encoded,
  });
}
