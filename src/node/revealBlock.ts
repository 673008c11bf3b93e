import type { Signer } from "ethers";
import { type ChainClient, reveal } from "../chain/index.ts";
import type { CommittedBlock } from "./commitDraft.ts";

/** Opens a committed block's order and puts its data on L1. */
export async function revealBlock(client: ChainClient, signer: Signer, { draft, commitment }: CommittedBlock): Promise<void> {
  const { txsRoot, salt, executed } = draft;
  await reveal(client, signer, { commitment, txsRoot, salt, data: executed.data });
}
