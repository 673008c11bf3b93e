import type { Received } from "./gate.ts";
import { GossipClosedError } from "./gossip.ts";
import { Subscription } from "./subscription.ts";
import type { Topic } from "./topics.ts";

/** Who listens to one node's gossip. */
export class Subscribers {
  readonly #subscriptions = new Set<Subscription<Topic>>();
  #closed = false;

  get isClosed(): boolean {
    return this.#closed;
  }

  /** @throws {GossipClosedError} */
  assertOpen(): void {
    if (this.#closed) throw new GossipClosedError();
  }

  /** @throws {GossipClosedError} */
  add<T extends Topic>(topic: T): Subscription<T> {
    this.assertOpen();
    const subscription: Subscription<T> = new Subscription(topic, () => this.#subscriptions.delete(erased));
    const erased = subscription as unknown as Subscription<Topic>;
    this.#subscriptions.add(erased);
    return subscription;
  }

  hand(received: Received): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.topic === received.topic) subscription.push(received);
    }
  }

  /** Whether one who listens to the topic has no room for one more message. */
  isOverloaded(topic: Topic | undefined): boolean {
    return [...this.#subscriptions].some((subscription) => subscription.topic === topic && subscription.isFull);
  }

  close(): void {
    this.#closed = true;
    for (const subscription of [...this.#subscriptions]) subscription.end();
  }
}
