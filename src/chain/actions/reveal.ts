import { keccak256, type ContractTransactionReceipt, type Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";
import { openingOf, type Commitment } from "./commitment.ts";

export interface RevealParameters {
  readonly commitment: Commitment;
  readonly txsRoot: bigint;
  /** 32 bytes. */
  readonly salt: string;
  /** The packed transactions, 30 bytes a word, as hexadecimal. */
  readonly data: string;
}

/** Opens a commit's order and publishes its data. By anyone who knows it. */
export async function reveal(
  { rollup }: ChainClient,
  signer: Signer,
  { commitment, txsRoot, salt, data }: RevealParameters,
): Promise<{ receipt: ContractTransactionReceipt; proposalId: bigint }> {
  const receipt = await transact("reveal", signer, (sender, overrides) =>
    rollup.connect(sender).reveal(openingOf(commitment), keccak256(commitment.transcript), txsRoot, salt, data, overrides),
  );
  return { receipt, proposalId: eventOf(rollup, receipt, "Revealed")["proposalId"] as bigint };
}
