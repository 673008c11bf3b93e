import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { send, type From } from "../tx/index.ts";

/** What a message is, in the order of the Solidity enum. */
export const TOPICS = ["Transaction", "Proposal", "Vote", "Witness", "Receipt", "Proof", "Genesis"] as const;

export type Topic = (typeof TOPICS)[number];

export interface Message {
  readonly topic: Topic;
  /** A roundId, a proposalId, or the rollup's domain for transactions and the genesis. */
  readonly subject: bigint;
  /** Encoded as on the network (`protocol/messages.ts`), as hexadecimal. */
  readonly data: string;
}

/** Says on L1 what the gossip does not carry. By anyone; nothing is checked. */
export function publish(
  { bulletin }: ChainClient,
  sender: From,
  { topic, subject, data }: Message,
): Promise<ContractTransactionReceipt> {
  return send("publish", sender, bulletin.publish.populateTransaction(TOPICS.indexOf(topic), subject, data));
}
