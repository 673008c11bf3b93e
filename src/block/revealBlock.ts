import type { ContractTransactionReceipt, Signer } from "ethers";
import { type ChainClient, reveal } from "../chain/index.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/**
 * Opens a committed block's order and puts its data on L1.
 * @param signer sends nothing but reveals
 * @param slots of L1 until the reveal window closes
 * @returns of each transaction, in order
 */
export async function revealBlock(
  client: ChainClient,
  signer: Signer,
  { draft, commitment }: CommittedBlock,
  slots?: number,
): Promise<readonly ContractTransactionReceipt[]> {
  const { order, blobs, executed } = draft;
  const { operations } = executed.data;
  const parameters = { commitment, order, operations, blobs, ...(slots !== undefined && { slots }) };
  return (await reveal(client, signer, parameters)).receipts;
}
