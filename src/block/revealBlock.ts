import type { ContractTransactionReceipt, Signer } from "ethers";
import { type ChainClient, reveal } from "../chain/index.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/** Opens a committed block's order and puts its data on L1. @returns of each chunk of data, in order */
export async function revealBlock(
  client: ChainClient,
  signer: Signer,
  { draft, commitment }: CommittedBlock,
): Promise<readonly ContractTransactionReceipt[]> {
  const { salt, executed } = draft;
  return (await reveal(client, signer, { commitment, txsRoot: executed.txsRoot, salt, data: executed.data })).receipts;
}
