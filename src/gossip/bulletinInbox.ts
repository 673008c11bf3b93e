import type { PublishedMessage } from "../chain/actions/getPublished.ts";
import type { Topic as BulletinTopic } from "../chain/actions/publish.ts";
import { MAX_BYTES, MAX_WAITING } from "./limits.ts";
import { type Topic, TOPICS } from "./topics.ts";

/** What the contract calls a topic. It has more of them, which are no messages between nodes. */
export const NAMES: { readonly [T in Topic]: BulletinTopic } = {
  transactions: "Transaction",
  proposals: "Proposal",
  votes: "Vote",
  proofs: "Proof",
};

/** Takes a message of the bulletin, in the order of L1. */
type Take = (message: PublishedMessage) => void;

/**
 * What was read on the bulletin, until somebody listens. A program reads L1, all of it since the deployment, before its
 * role is made; whoever listens later gets what was read until then.
 *
 * Transfers are judged by the accounts of the L2: those of an older L2 would be taken for nobody's. So they wait until
 * the L2 of this node is that of L1. Those that are final already are ignored then, for their nonces are used.
 */
export class BulletinInbox {
  readonly #isBehind: () => boolean;
  readonly #kept = Object.fromEntries(TOPICS.map((topic) => [topic, []])) as unknown as {
    readonly [T in Topic]: PublishedMessage[];
  };
  readonly #listeners = new Map<Topic, Take>();
  #heard = 0;

  /** @param isBehind whether the L2 of this node is older than what L1 has made final */
  constructor(isBehind: () => boolean) {
    this.#isBehind = isBehind;
  }

  /** Messages that were read, of topics between nodes. */
  get heard(): number {
    return this.#heard;
  }

  /**
   * Takes what the bulletin has, in the order of L1. Repetitions do no harm. As many are kept as a node can have
   * waiting to be judged; the oldest of a topic is forgotten first.
   */
  put(messages: readonly PublishedMessage[]): void {
    for (const message of messages) {
      const topic = TOPICS.find((one) => NAMES[one] === message.topic);
      if (topic === undefined) continue;
      this.#heard++;
      // Anything fits into a log, and what is too long is nobody's message.
      if (message.data.length <= 2 + 2 * MAX_BYTES[topic]) this.#kept[topic].push(message);
    }
    for (const topic of TOPICS) this.#kept[topic].splice(0, this.#kept[topic].length - MAX_WAITING[topic]);
    this.look();
  }

  /** Hands over what is here of a topic, and what comes from now on. */
  listen(topic: Topic, take: Take): void {
    this.#listeners.set(topic, take);
    this.look();
  }

  /** Hands over what need not wait any longer. */
  look(): void {
    for (const [topic, take] of this.#listeners)
      if (topic !== "transactions" || !this.#isBehind())
        for (const message of this.#kept[topic].splice(0)) take(message);
  }
}
