import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../chain/clock.ts";

/** A clock that several go by. */
export interface SharedClock extends Clock {
  /**
   * Says that somebody is at work until the function that it returns is called. A clock that can be moved stands still
   * meanwhile; a real one does not care.
   */
  busy(): () => void;
}

/** The clock of a chain that makes its blocks by itself. */
export const realClock = (clock: Clock): SharedClock => ({
  now: () => clock.now(),
  until: (timestamp, signal) => clock.until(timestamp, signal),
  busy: () => () => undefined,
});

interface Waiter {
  readonly timestamp: bigint;
  wake(): void;
}

/**
 * The clock of a development chain, for many who wait: as soon as nobody is at work it jumps to the first moment that
 * somebody waits for. So hours pass in a moment, and nobody misses anything.
 */
export class MovableClock implements SharedClock {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #atWork = 0;
  #isMoving = false;

  /** @param clock whose `until` moves the chain's clock at once */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): Promise<bigint> {
    return this.#clock.now();
  }

  async until(timestamp: bigint, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", onAbort);
        settle();
      };
      const waiter: Waiter = { timestamp, wake: () => end(resolve) };
      const onAbort = (): void => end(() => reject(signal!.reason as Error));
      signal?.addEventListener("abort", onAbort);
      this.#waiters.add(waiter);
      this.#consider();
    });
  }

  busy(): () => void {
    this.#atWork++;
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      this.#atWork--;
      this.#consider();
    };
  }

  #consider(): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    void this.#moveOn().finally(() => (this.#isMoving = false));
  }

  async #moveOn(): Promise<void> {
    for (;;) {
      // Whoever was woken a moment ago gets the chance to say that it is at work.
      await turn();
      await turn();
      if (this.#atWork > 0 || this.#waiters.size === 0) return;
      const first = [...this.#waiters].reduce((a, b) => (b.timestamp < a.timestamp ? b : a)).timestamp;
      await this.#clock.until(first);
      const now = await this.now();
      for (const waiter of [...this.#waiters]) if (waiter.timestamp <= now) waiter.wake();
    }
  }
}
