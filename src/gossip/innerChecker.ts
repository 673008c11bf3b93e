import { ThreadPool } from "../threads/threads.ts";
import type { InnerCheck } from "./inner.ts";

/** Checks what is inside messages. */
export interface InnerChecker {
  /**
   * @returns what is wrong with each, in their order; undefined for nothing
   * @throws if the checker was closed, or failed for a reason of its own
   */
  check(messages: readonly InnerCheck[]): Promise<readonly (string | undefined)[]>;
  close(): Promise<void>;
}

/** Messages that a thread takes at once: some milliseconds' work each time, so that the way there and back is small. */
export const BATCH = 16;

export interface CheckTask {
  readonly domain: bigint;
  readonly messages: readonly InnerCheck[];
}

/** Checks in threads, so that the event loop does not wait for curves. */
export class ThreadedChecker implements InnerChecker {
  readonly #domain: bigint;
  readonly #threads: ThreadPool<CheckTask, readonly (string | undefined)[], never>;

  /** @param domain of the rollup */
  constructor(domain: bigint, threads = 1) {
    this.#domain = domain;
    this.#threads = new ThreadPool(new URL("./innerChecker.worker.ts", import.meta.url), threads);
  }

  async check(messages: readonly InnerCheck[]): Promise<readonly (string | undefined)[]> {
    const batches = Array.from({ length: Math.ceil(messages.length / BATCH) }, (_, i) =>
      messages.slice(BATCH * i, BATCH * (i + 1)),
    );
    const faults = await Promise.all(
      batches.map((batch) => this.#threads.run({ domain: this.#domain, messages: batch }, () => undefined)),
    );
    return faults.flat();
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
