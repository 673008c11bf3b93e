import type { ContractTransactionReceipt } from "ethers";
import type { SlotProof, Statement } from "../../protocol/forest.ts";
import { childSlots } from "../../protocol/nodes.ts";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";
import { openingOf, type Commitment } from "./commitment.ts";
import { openedContents } from "./handIn.ts";

export interface HandInRootParameters {
  readonly commitment: Commitment;
  /** Content of slots 1.., in slot order. */
  readonly contents: readonly bigint[];
  /** What the block's forest states. */
  readonly statement: Statement;
  /** C of the root's proof. */
  readonly rootCommitment: bigint;
  /** Of slot 0. */
  readonly proof: SlotProof;
}

/** Shows L1 the proof of a block's root alone, in its acceptance window. By anyone. */
export async function handInRoot(
  { court, deployment: { profile } }: ChainClient,
  sender: From,
  { commitment, contents, statement, rootCommitment, proof: { workerKey, beta, mask, proof } }: HandInRootParameters,
): Promise<ContractTransactionReceipt> {
  const root = { ...statement, rootCommitment, beta, mask, isAnonymous: workerKey === 0n };
  const opened = openedContents(contents, childSlots(profile, 0));
  return send(
    "handInRoot",
    sender,
    court.handInRoot.populateTransaction(openingOf(commitment), commitment.transcript, opened, root, proof),
  );
}
