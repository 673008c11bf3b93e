import { type GossipsubMessage, TopicValidatorResult } from "@libp2p/gossipsub";
import { MalformedError } from "../../protocol/errors.ts";
import { Gate, type Judgement } from "../gate.ts";
import { type Gossip, RefusedMessageError } from "../gossip.ts";
import type { PeerOptions } from "../peerOptions.ts";
import { Subscribers } from "../subscribers.ts";
import type { Subscription } from "../subscription.ts";
import { type Topic, TOPICS } from "../topics.ts";
import { ignore, reject } from "../verdict.ts";
import { envelopeOf, Frames } from "./frame.ts";
import { type Pubsub, topicName } from "./node.ts";

const RESULTS = {
  ACCEPT: TopicValidatorResult.Accept,
  IGNORE: TopicValidatorResult.Ignore,
  REJECT: TopicValidatorResult.Reject,
} as const;

/** Gossip over libp2p's gossipsub. gossipsub passes on what this has accepted, and nothing else. */
export class Libp2pGossip implements Gossip {
  readonly #options: PeerOptions;
  readonly #pubsub: Pubsub;
  readonly #gate: Gate;
  readonly #frames = new Frames();
  readonly #subscribers = new Subscribers();
  readonly #topics: ReadonlyMap<string, Topic>;

  constructor(options: PeerOptions, pubsub: Pubsub) {
    this.#options = options;
    this.#pubsub = pubsub;
    this.#gate = new Gate(options.route);
    this.#topics = new Map(TOPICS.map((topic) => [topicName(options.route, topic), topic]));
    pubsub.addEventListener("gossipsub:message", this.#onMessage);
  }

  async publish<T extends Topic>(topic: T, envelope: Uint8Array): Promise<void> {
    this.#subscribers.assertOpen();
    const found = TOPICS[envelope[1] ?? -1];
    if (found !== topic) throw new MalformedError("topic of an envelope", found, topic);
    const judgement = this.#gate.judge(envelope, await this.#options.view());
    if (judgement.verdict !== "ACCEPT" && judgement.reason !== "duplicate")
      throw new RefusedMessageError(topic, judgement);
    await this.#pubsub.publish(topicName(this.#options.route, topic), this.#frames.next(envelope));
  }

  subscribe<T extends Topic>(topic: T): Subscription<T> {
    return this.#subscribers.add(topic);
  }

  close(): Promise<void> {
    this.#pubsub.removeEventListener("gossipsub:message", this.#onMessage);
    this.#subscribers.close();
    return Promise.resolve();
  }

  readonly #onMessage = ({ detail }: CustomEvent<GossipsubMessage>): void => void this.#receive(detail);

  /** Reports one verdict, whatever happens: else gossipsub would keep the message and pass nothing on. */
  async #receive({ msgId, propagationSource, msg }: GossipsubMessage): Promise<void> {
    const topic = this.#topics.get(msg.topic);
    const judgement = await this.#judge(topic, envelopeOf(msg.data));
    this.#pubsub.reportMessageValidationResult(msgId, propagationSource.toString(), RESULTS[judgement.verdict]);
    this.#options.onVerdict?.(judgement, topic);
    if (judgement.verdict === "ACCEPT") this.#subscribers.hand(judgement.received);
  }

  async #judge(topic: Topic | undefined, envelope: Uint8Array): Promise<Judgement> {
    if (TOPICS[envelope[1] ?? -1] !== topic) return reject("message is on another topic than it says");
    if (this.#subscribers.isClosed || this.#subscribers.isOverloaded(topic)) return ignore("own overload");
    try {
      return this.#gate.judge(envelope, await this.#options.view());
    } catch {
      return ignore("own view is not to be had");
    }
  }
}
