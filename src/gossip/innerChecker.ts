import { ThreadPool } from "../threads/threads.ts";
import type { InnerCheck } from "./inner.ts";

/** Checks what is inside messages. */
export interface InnerChecker {
  /** How many more messages could be under check at once. */
  readonly free: number;
  /**
   * @returns what is wrong with each, in their order; undefined for nothing
   * @throws if the checker was closed, or failed for a reason of its own
   */
  check(messages: readonly InnerCheck[]): Promise<readonly (string | undefined)[]>;
  close(): Promise<void>;
}

/** Messages that a thread takes at once: some milliseconds' work each time, so that the way there and back is small. */
const BATCH = 16;

export interface CheckTask {
  readonly domain: bigint;
  readonly messages: readonly InnerCheck[];
}

/** Checks in threads, so that the event loop does not wait for curves. */
export class ThreadedChecker implements InnerChecker {
  readonly #domain: bigint;
  readonly #threads: ThreadPool<CheckTask, readonly (string | undefined)[], never>;
  readonly #room: number;
  #under = 0;

  /** @param domain of the rollup */
  constructor(domain: bigint, threads = 1) {
    this.#domain = domain;
    this.#threads = new ThreadPool(new URL("./innerChecker.worker.ts", import.meta.url), threads);
    // One batch in hand and one that waits keep a thread busy; what waits elsewhere can still be put in a better order.
    this.#room = 2 * BATCH * threads;
  }

  get free(): number {
    return this.#room - this.#under;
  }

  async check(messages: readonly InnerCheck[]): Promise<readonly (string | undefined)[]> {
    this.#under += messages.length;
    try {
      const batches = Array.from({ length: Math.ceil(messages.length / BATCH) }, (_, i) =>
        messages.slice(BATCH * i, BATCH * (i + 1)),
      );
      const faults = await Promise.all(
        batches.map((batch) => this.#threads.run({ domain: this.#domain, messages: batch }, () => undefined)),
      );
      return faults.flat();
    } finally {
      this.#under -= messages.length;
    }
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
