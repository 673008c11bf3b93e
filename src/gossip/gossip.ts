import { B52Error } from "../protocol/errors.ts";
import type { Received } from "./gate.ts";
import type { Topic } from "./topics.ts";
import type { Refused } from "./verdict.ts";

/** The network as roles see it. Memory and libp2p are behind it alike. */
export interface Gossip {
  /**
   * Tells all peers. The node's own subscribers do not hear it.
   * @param envelope as `sealEnvelope` makes it
   * @throws {RefusedMessageError} if this node itself would not pass it on
   * @throws {GossipClosedError}
   */
  publish<T extends Topic>(topic: T, envelope: Uint8Array): Promise<void>;
  /**
   * What this node accepts from now on, each message once, in the order in which it was accepted. Ends when the gossip
   * is closed; leaving the loop ends the subscription.
   */
  subscribe<T extends Topic>(topic: T): AsyncIterableIterator<Received<T>>;
  /** Ends all subscriptions. */
  close(): Promise<void>;
}

/** Gossip with peers, which may be none. */
export interface NetworkGossip extends Gossip {
  /** Whether there is anybody who hears what is published on the topic. */
  reaches(topic: Topic): boolean;
  /**
   * Takes a message from L1, judged as one from a peer. Peers read L1, too: it is not passed on.
   * @param publisher address that L1 is certain of, with its checksum
   */
  hearPublished(topic: Topic, body: Uint8Array, publisher: string): void;
}

/** A message that its own sender cannot send: every peer would refuse it. */
export class RefusedMessageError extends B52Error {
  constructor(topic: Topic, { verdict, reason }: Refused) {
    super(`a message on ${topic} is not sent: ${verdict}, ${reason}`, { topic, verdict, reason });
  }
}

export class GossipClosedError extends B52Error {
  constructor() {
    super("the gossip is closed, expected an open one");
  }
}
