import { type GossipsubMessage, TopicValidatorResult } from "@libp2p/gossipsub";
import type { Log } from "../../log/index.ts";
import { MalformedError } from "../../protocol/errors.ts";
import { bodyOf, ownerOf } from "../envelope.ts";
import { Gate, type Judgement } from "../gate.ts";
import { type NetworkGossip, RefusedMessageError } from "../gossip.ts";
import type { InnerChecker } from "../innerChecker.ts";
import { Judge, type JudgeStats } from "../judge.ts";
import type { PeerOptions } from "../peerOptions.ts";
import { Subscribers } from "../subscribers.ts";
import type { Subscription } from "../subscription.ts";
import { type Topic, TOPICS } from "../topics.ts";
import { reject, type Verdict } from "../verdict.ts";
import { Views } from "../views.ts";
import { envelopeOf, Frames } from "./frame.ts";
import { type Pubsub, topicName } from "./node.ts";
import type { Offences } from "./offences.ts";
import { SCORE_THRESHOLDS } from "./scores.ts";

const RESULTS = {
  ACCEPT: TopicValidatorResult.Accept,
  IGNORE: TopicValidatorResult.Ignore,
  REJECT: TopicValidatorResult.Reject,
} as const;

/** What a node has heard since it has joined. */
export interface GossipStats extends JudgeStats {
  /** Messages that came, by topic. */
  readonly arrived: Readonly<Record<Topic, number>>;
  /** How many were judged so, by topic. */
  readonly verdicts: Readonly<Record<Topic, Readonly<Record<Verdict["verdict"], number>>>>;
  /** How many were refused for each reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Milliseconds since what it knows was read; undefined before it knows anything. */
  readonly viewAge: number | undefined;
}

export interface GossipPorts {
  readonly pubsub: Pubsub;
  readonly checker: InnerChecker;
  /** Of peers that pass on what no honest node could have. */
  readonly offences: Offences;
  readonly log: Log;
}

/** Gossip over libp2p's gossipsub. gossipsub passes on what this has accepted, and nothing else. */
export class Libp2pGossip implements NetworkGossip {
  readonly #options: PeerOptions;
  readonly #pubsub: Pubsub;
  readonly #offences: Offences;
  readonly #gate: Gate;
  readonly #views: Views;
  readonly #judge: Judge;
  readonly #frames = new Frames();
  readonly #subscribers = new Subscribers();
  readonly #topics: ReadonlyMap<string, Topic>;
  readonly #arrived = perTopic(() => 0);
  readonly #verdicts = perTopic(() => ({ ACCEPT: 0, IGNORE: 0, REJECT: 0 }));
  /** The words are those of the rules: there are not many. */
  readonly #reasons = new Map<string, number>();

  constructor(options: PeerOptions, { pubsub, checker, offences, log }: GossipPorts) {
    this.#options = options;
    this.#pubsub = pubsub;
    this.#offences = offences;
    this.#gate = new Gate(options.route, options);
    this.#views = new Views(options.view);
    this.#judge = new Judge({
      ...{ gate: this.#gate, views: this.#views, checker },
      isOverloaded: (topic) => this.#subscribers.isOverloaded(topic),
      // gossipsub looks at scores once a second, in which a forger sends a thousand messages.
      isShunned: (peer) => Math.min(offences.score(peer), pubsub.getScore(peer)) < SCORE_THRESHOLDS.graylistThreshold,
      onFailure: (error) => log.warn("gossip-check-failed", "messages could not be checked and are ignored", { error }),
    });
    this.#topics = new Map(TOPICS.map((topic) => [topicName(options.route, topic), topic]));
    pubsub.addEventListener("gossipsub:message", this.#onMessage);
  }

  async publish<T extends Topic>(topic: T, envelope: Uint8Array): Promise<void> {
    this.#subscribers.assertOpen();
    const found = TOPICS[envelope[1] ?? -1];
    if (found !== topic) throw new MalformedError("topic of an envelope", found, topic);
    const judgement = this.#gate.judge(envelope, await this.#views.fresh());
    if (judgement.verdict !== "ACCEPT" && judgement.reason !== "duplicate")
      throw new RefusedMessageError(topic, judgement);
    await this.#pubsub.publish(topicName(this.#options.route, topic), this.#frames.next(envelope));
  }

  subscribe<T extends Topic>(topic: T): Subscription<T> {
    return this.#subscribers.add(topic);
  }

  reaches(topic: Topic): boolean {
    return this.#pubsub.getSubscribers(topicName(this.#options.route, topic)).length > 0;
  }

  stats(): GossipStats {
    return {
      ...this.#judge.stats(),
      arrived: { ...this.#arrived },
      verdicts: structuredClone(this.#verdicts),
      reasons: Object.fromEntries(this.#reasons),
      viewAge: this.#views.age,
    };
  }

  async close(): Promise<void> {
    this.#pubsub.removeEventListener("gossipsub:message", this.#onMessage);
    this.#subscribers.close();
    await this.#judge.close();
  }

  readonly #onMessage = ({ detail }: CustomEvent<GossipsubMessage>): void => {
    const { msgId, propagationSource, msg } = detail;
    const topic = this.#topics.get(msg.topic)!;
    const from = propagationSource.toString();
    const bytes = envelopeOf(msg.data);
    const decide = (judgement: Judgement): void => this.#decide(topic, msgId, from, judgement);
    this.#arrived[topic]++;
    if (TOPICS[bytes[1] ?? -1] !== topic) return decide(reject("message is on another topic than it says"));
    const owner = ownerOf(bytes);
    this.#judge.add({ topic, body: bodyOf(bytes), from, owner, sift: (view) => this.#gate.sift(bytes, view), decide });
  };

  hearPublished(topic: Topic, body: Uint8Array, publisher: string): void {
    this.#judge.add({
      ...{ topic, body, from: `L1 ${publisher}`, owner: publisher },
      sift: (view) => this.#gate.siftPublished(topic, body, publisher, view),
      decide: (judgement) => {
        if (judgement.verdict === "ACCEPT") this.#subscribers.hand(judgement.received);
      },
    });
  }

  /** Without a report gossipsub would keep the message, and pass nothing on. */
  #decide(topic: Topic, messageId: string, from: string, judgement: Judgement): void {
    const { verdict } = judgement;
    this.#pubsub.reportMessageValidationResult(messageId, from, RESULTS[verdict]);
    this.#verdicts[topic][verdict]++;
    if (verdict === "REJECT") this.#offences.add(from);
    if (judgement.verdict === "ACCEPT") this.#subscribers.hand(judgement.received);
    else this.#reasons.set(judgement.reason, (this.#reasons.get(judgement.reason) ?? 0) + 1);
    this.#options.onVerdict?.(judgement, topic);
  }
}

function perTopic<T>(make: () => T): Record<Topic, T> {
  return Object.fromEntries(TOPICS.map((topic) => [topic, make()])) as Record<Topic, T>;
}
