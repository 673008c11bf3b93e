import type { ContractTransactionReceipt } from "ethers";
import { type ChainClient, reveal, type From } from "../chain/index.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/**
 * Opens a committed block's order and puts its data on L1.
 * @param sender sends nothing but reveals
 * @param slots of L1 until the reveal window closes
 * @returns of each transaction, in order
 */
export async function revealBlock(
  client: ChainClient,
  sender: From,
  { draft, commitment }: CommittedBlock,
  slots?: number,
): Promise<readonly ContractTransactionReceipt[]> {
  const { order, blobs, executed } = draft;
  const { operations } = executed.data;
  const parameters = { commitment, order, operations, blobs, ...(slots !== undefined && { slots }) };
  return (await reveal(client, sender, parameters)).receipts;
}
