import { type ChainClient, submitInParts, type SubmitProofReturn, type From } from "../chain/index.ts";
import type { SlotProof } from "../protocol/forest.ts";
import type { BlockPlan } from "../proving/forest.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/** Submits a block whose nodes are all proven, in as many transactions as its proofs take. */
export async function submitBlock(
  client: ChainClient,
  sender: From,
  { commitment }: Pick<CommittedBlock, "commitment">,
  plan: BlockPlan,
  proofs: readonly SlotProof[],
): Promise<SubmitProofReturn> {
  return submitInParts(client, sender, { commitment, forest: plan.forest(proofs) });
}
