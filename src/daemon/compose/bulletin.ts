import { type ChainClient, type From, type Message, publish, type PublishedMessage } from "../../chain/index.ts";
import { TOPICS as BULLETIN_TOPICS } from "../../chain/actions/publish.ts";
import { BulletinGossip } from "../../gossip/bulletin.ts";
import type { BulletinInbox } from "../../gossip/bulletinInbox.ts";
import type { Network } from "../../gossip/libp2p/index.ts";
import type { Log } from "../../log/index.ts";
import { B52Error } from "../../protocol/errors.ts";
import type { L1Span } from "../../roles/index.ts";
import type { Closing } from "../closing.ts";

/** A message can only go over L1, and this node sends nothing there. */
class NoSenderError extends B52Error {
  constructor() {
    super("a message could not be put on L1: this node has no key, expected peers or a keystore");
  }
}

export interface OpenBulletinOptions {
  readonly client: ChainClient;
  readonly network: Network;
  readonly inbox: BulletinInbox;
  /** Pays for messages on L1; undefined for a node without a key. */
  readonly sender: From | undefined;
  readonly log: Log;
  readonly closing: Closing;
}

/** The network's gossip, which goes over L1 where there are no peers. */
export function openBulletin({ client, network, inbox, sender, log, closing }: OpenBulletinOptions): BulletinGossip {
  const gossip = new BulletinGossip({
    ...{ gossip: network.gossip, inbox, domain: client.deployment.domain, log },
    publish: async (message: Message) => {
      if (sender === undefined) throw new NoSenderError();
      return publish(client, sender, message);
    },
  });
  closing.add("the bulletin", () => gossip.close());
  return gossip;
}

/** What the bulletin has in these blocks. */
export function publishedIn({ bulletin, deployment }: ChainClient, { logs }: L1Span): PublishedMessage[] {
  const address = deployment.contracts.bulletin.toLowerCase();
  return logs.flatMap((log): PublishedMessage[] => {
    if (log.address.toLowerCase() !== address) return [];
    const event = bulletin.interface.parseLog(log);
    const topic = BULLETIN_TOPICS[Number(event?.args.getValue("topic") ?? -1)];
    if (event === null || topic === undefined) return [];
    return [
      {
        topic,
        subject: event.args.getValue("subject") as bigint,
        publisher: event.args.getValue("publisher") as string,
        data: event.args.getValue("data") as string,
        blockNumber: log.blockNumber,
      },
    ];
  });
}
