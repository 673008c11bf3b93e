import type { ContractTransactionReceipt } from "ethers";
import { type ChainClient, type Commitment, handIn, handInRoot, type From } from "../chain/index.ts";
import type { SlotProof } from "../protocol/forest.ts";
import type { BlockPlan } from "../proving/forest.ts";

/**
 * Shows L1 some proofs of a block that its forest leaves out: all nodes' in one transaction, the root's in another.
 * @returns of each transaction, in order
 */
export async function handInProofs(
  client: ChainClient,
  sender: From,
  commitment: Commitment,
  plan: BlockPlan,
  proofs: readonly SlotProof[],
): Promise<readonly ContractTransactionReceipt[]> {
  const contents = plan.contentHashes.slice(1);
  const receipts: ContractTransactionReceipt[] = [];
  const nodes = proofs.filter(({ slot }) => slot !== 0);
  if (nodes.length > 0) receipts.push(await handIn(client, sender, { commitment, contents, proofs: nodes }));
  const root = proofs.find(({ slot }) => slot === 0);
  if (root === undefined) return receipts;
  const { commitment: rootCommitment } = plan.rootInputs(root, root.mask);
  const { statement } = plan;
  receipts.push(await handInRoot(client, sender, { commitment, contents, statement, rootCommitment, proof: root }));
  return receipts;
}
