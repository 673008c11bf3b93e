import type { Received } from "./gate.ts";
import { MAX_QUEUE } from "./limits.ts";
import type { Topic } from "./topics.ts";

/** Accepted messages of a topic on their way to one subscriber. */
export class Subscription<T extends Topic> implements AsyncIterableIterator<Received<T>> {
  readonly topic: T;
  readonly #onEnd: () => void;
  readonly #queue: Received<T>[] = [];
  readonly #waiting: ((result: IteratorResult<Received<T>>) => void)[] = [];
  #ended = false;

  constructor(topic: T, onEnd: () => void) {
    this.topic = topic;
    this.#onEnd = onEnd;
  }

  /** Whether there is no room for one more. */
  get isFull(): boolean {
    return this.#queue.length >= MAX_QUEUE;
  }

  push(received: Received<T>): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#queue.push(received);
    else waiting({ done: false, value: received });
  }

  async next(): Promise<IteratorResult<Received<T>>> {
    const value = this.#queue.shift();
    if (value !== undefined) return { done: false, value };
    if (this.#ended) return { done: true, value: undefined };
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async return(): Promise<IteratorResult<Received<T>>> {
    this.end();
    return { done: true, value: undefined };
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
