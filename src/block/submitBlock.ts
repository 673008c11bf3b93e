import type { Signer } from "ethers";
import { type ChainClient, submitInParts, type SubmitProofReturn } from "../chain/index.ts";
import type { BlockPlan, NodeProof } from "../proving/forest.ts";
import type { CommittedBlock } from "./commitDraft.ts";
import { submissionOf } from "./submissionOf.ts";

/** Submits a block whose nodes are all proven, in as many transactions as its proofs take. */
export async function submitBlock(
  client: ChainClient,
  signer: Signer,
  block: CommittedBlock,
  plan: BlockPlan,
  proofs: readonly NodeProof[],
): Promise<SubmitProofReturn> {
  const forest = { statement: plan.statement, ...plan.submission(proofs) };
  return submitInParts(client, signer, submissionOf(block, plan, proofs), forest);
}
