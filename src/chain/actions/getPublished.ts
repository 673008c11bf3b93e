import type { ChainClient } from "../client.ts";
import { TOPICS, type Message, type Topic } from "./publish.ts";

export interface GetPublishedParameters {
  readonly topic: Topic;
  /** A roundId or a proposalId; without one, all. */
  readonly subject?: bigint;
  /** The first block to look at; without one, that of the deployment. */
  readonly fromBlock?: number;
}

export interface PublishedMessage extends Message {
  readonly publisher: string;
  readonly blockNumber: number;
}

/**
 * What was published on the bulletin, in the order that L1 took it. Nobody has checked any of it: it is as good as from
 * any peer.
 */
export async function getPublished(
  { bulletin, provider, deployment, scan }: ChainClient,
  { topic, subject, fromBlock = deployment.started.number }: GetPublishedParameters,
): Promise<PublishedMessage[]> {
  const filter = bulletin.filters.Published(TOPICS.indexOf(topic), subject);
  const messages: PublishedMessage[][] = [];
  const logsOf = async (from: number, to: number) => bulletin.queryFilter(filter, from, to);
  for await (const logs of scan.forwards(fromBlock, await provider.getBlockNumber(), logsOf)) {
    messages.push(
      logs.map(({ args, blockNumber }) => ({
        topic,
        subject: args.subject,
        publisher: args.publisher,
        data: args.data,
        blockNumber,
      })),
    );
  }
  return messages.flat();
}
