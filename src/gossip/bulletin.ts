import { hexlify } from "ethers";
import type { Message } from "../chain/actions/publish.ts";
import { NO_LOG, type Log } from "../log/index.ts";
import { type BulletinInbox, NAMES } from "./bulletinInbox.ts";
import { bodyOf } from "./envelope.ts";
import type { Received } from "./gate.ts";
import type { Gossip, NetworkGossip } from "./gossip.ts";
import { decodeMessage, type Messages } from "./messages.ts";
import { type Topic, TOPICS } from "./topics.ts";

/** What a message is about, as the contract has it. */
const SUBJECTS: { readonly [T in Topic]: (message: Messages[T], domain: bigint) => bigint } = {
  transactions: (_, domain) => domain,
  proposals: ({ proposal }) => proposal.roundId,
  votes: ({ proposalId }) => proposalId,
  proofs: ({ proposalId }) => proposalId,
};

export interface BulletinPorts {
  readonly gossip: NetworkGossip;
  /** What is read on L1. Whoever reads L1 fills it, from the first block on. */
  readonly inbox: BulletinInbox;
  /** Of the rollup. */
  readonly domain: bigint;
  /**
   * Puts a message on L1. The sender is the owner of the node's envelopes: L1 is certain of it, and that takes the
   * envelope's place.
   */
  readonly publish: (message: Message) => Promise<unknown>;
  readonly log?: Log;
}

export interface BulletinOptions {
  /** How long a message waits for peers before it goes to L1, ms. */
  readonly graceMs?: number;
  /** How often it is looked whether there are peers, ms. */
  readonly intervalMs?: number;
  /** How long a message waits after L1 has not taken it, ms. */
  readonly retryMs?: number;
}

/** Where messages go. */
export interface BulletinStatus {
  /** Whether nobody can be told anything but over L1. */
  readonly isDown: boolean;
  /** Milliseconds since somebody could be told last; 0 if somebody can be now. */
  readonly alone: number;
  /** Messages that wait for peers, or to be on L1. */
  readonly waiting: number;
  /** Messages that were put on L1. */
  readonly published: number;
  /** Messages that were read there. */
  readonly heard: number;
}

interface Unsaid {
  readonly topic: Topic;
  readonly envelope: Uint8Array;
  /** Milliseconds of `performance.now`; not before then. */
  nextAt: number;
  isSending: boolean;
}

const GRACE_MS = 10_000;
const INTERVAL_MS = 1_000;
/** After L1 has not taken a message. */
const RETRY_MS = 10_000;

/** Messages that wait; the oldest is forgotten first. */
const MAX_UNSAID = 1_024;

/**
 * Gossip that goes over L1 by itself when there are no peers. What nobody could be told waits a little: it goes to
 * peers if some come, else to the bulletin. What others have put there is heard in any case: they may be alone where
 * this node is not.
 */
export class BulletinGossip implements Gossip {
  readonly #ports: BulletinPorts;
  readonly #log: Log;
  readonly #graceMs: number;
  readonly #retryMs: number;
  readonly #unsaid: Unsaid[] = [];
  readonly #timer: NodeJS.Timeout;
  #togetherAt = performance.now();
  #isTold = false;
  #published = 0;
  #closed = false;

  constructor(
    ports: BulletinPorts,
    { graceMs = GRACE_MS, intervalMs = INTERVAL_MS, retryMs = RETRY_MS }: BulletinOptions = {},
  ) {
    this.#ports = ports;
    this.#log = ports.log ?? NO_LOG;
    this.#graceMs = graceMs;
    this.#retryMs = retryMs;
    this.#timer = setInterval(() => this.#look(), intervalMs);
  }

  async publish<T extends Topic>(topic: T, envelope: Uint8Array): Promise<void> {
    const { gossip } = this.#ports;
    await gossip.publish(topic, envelope);
    if (gossip.reaches(topic)) return;
    this.#unsaid.push({ topic, envelope, nextAt: 0, isSending: false });
    if (this.#unsaid.length > MAX_UNSAID) this.#unsaid.shift();
    this.#look();
  }

  subscribe<T extends Topic>(topic: T): AsyncIterableIterator<Received<T>> {
    const { gossip, inbox } = this.#ports;
    const subscription = gossip.subscribe(topic);
    inbox.listen(topic, ({ data, publisher }) =>
      gossip.hearPublished(topic, Buffer.from(data.slice(2), "hex"), publisher),
    );
    return subscription;
  }

  status(): BulletinStatus {
    const alone = this.#alone();
    return {
      isDown: alone > this.#graceMs,
      alone,
      waiting: this.#unsaid.length,
      published: this.#published,
      heard: this.#ports.inbox.heard,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#ports.gossip.close();
  }

  #alone(): number {
    const now = performance.now();
    if (TOPICS.some((topic) => this.#ports.gossip.reaches(topic))) this.#togetherAt = now;
    return now - this.#togetherAt;
  }

  #look(): void {
    if (this.#closed) return;
    const alone = this.#alone();
    this.#tellOperator(alone);
    const { gossip, inbox } = this.#ports;
    inbox.look();
    for (const unsaid of [...this.#unsaid]) {
      if (unsaid.isSending || performance.now() < unsaid.nextAt) continue;
      if (gossip.reaches(unsaid.topic)) void this.#say(unsaid, () => gossip.publish(unsaid.topic, unsaid.envelope));
      else if (alone > this.#graceMs) void this.#say(unsaid, () => this.#putOnL1(unsaid));
    }
  }

  async #say(unsaid: Unsaid, send: () => Promise<void>): Promise<void> {
    unsaid.isSending = true;
    try {
      await send();
      this.#drop(unsaid);
    } catch (error) {
      // A message that is stale by now is no use to anybody; what L1 does not take is tried again.
      if (this.#closed || this.#ports.gossip.reaches(unsaid.topic)) this.#drop(unsaid);
      else this.#log.warn("bulletin-failed", "a message could not be put on L1; it is tried again", { error });
      unsaid.nextAt = performance.now() + this.#retryMs;
    } finally {
      unsaid.isSending = false;
    }
  }

  async #putOnL1<T extends Topic>({ topic, envelope }: Unsaid): Promise<void> {
    const { publish, domain } = this.#ports;
    const body = bodyOf(envelope);
    const message = decodeMessage(topic, body) as Messages[T];
    const subject = SUBJECTS[topic as T](message, domain);
    await publish({ topic: NAMES[topic], subject, data: hexlify(body) });
    this.#published++;
  }

  #drop(unsaid: Unsaid): void {
    const at = this.#unsaid.indexOf(unsaid);
    if (at >= 0) this.#unsaid.splice(at, 1);
  }

  /** Once when it begins and once when it is over: meanwhile the program says that it is not ready, and why. */
  #tellOperator(alone: number): void {
    if (alone <= this.#graceMs) {
      if (this.#isTold) this.#log.info("gossip-back", "there are peers again");
      this.#isTold = false;
    } else if (!this.#isTold) {
      this.#isTold = true;
      const seconds = Math.round(alone / 1_000);
      this.#log.warn("gossip-down", "there are no peers; messages go over the bulletin on L1", { seconds });
    }
  }
}
