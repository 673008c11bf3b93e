import { setTimeout as sleep } from "node:timers/promises";
import type { L1Head } from "../../chain/head.ts";
import type { SharedClock } from "../../roles/clock.ts";

export type Head = L1Head;

export interface HeadClockOptions {
  /** The latest block of L1. */
  readonly latest: (signal: AbortSignal) => Promise<Head>;
  /** Least time between two looks, ms. */
  readonly pollMs: number;
  /** Told of each new head, with this machine's time in ms when it was first seen. */
  readonly onHead?: (head: Head, seenAt: number) => void;
  /** Told when L1 cannot be looked at, and when it can be again. */
  readonly onFailure?: (error: Error) => void;
  readonly onRecovery?: () => void;
  /** This machine's time, ms. */
  readonly now?: () => number;
}

/** Longest time without a look, ms: a chain that stands still may go on at any moment. */
const MAX_QUIET_MS = 12_000;
/** After a failure, ms. */
const MAX_PAUSE_MS = 8_000;

/**
 * The time of L1 as one loop for the whole program sees it. It looks when the next block is due, not all the time: an
 * idle program asks about twice a block. While L1 does not answer, time stands still for all who go by it.
 */
export class HeadClock implements SharedClock {
  readonly #options: Required<HeadClockOptions>;
  #head: Head | undefined;
  #seenAt = 0;
  /** Usual time between heads, ms. */
  #spacing: number | undefined;
  readonly #waiters = new Set<() => void>();
  readonly #listeners: ((head: Head) => void)[] = [];

  constructor(options: HeadClockOptions) {
    const nothing = (): void => undefined;
    this.#options = { onHead: nothing, onFailure: nothing, onRecovery: nothing, now: Date.now, ...options };
  }

  /** Undefined before the first look. */
  get head(): Head | undefined {
    return this.#head;
  }

  async now(): Promise<bigint> {
    while (this.#head === undefined) await this.#next(undefined);
    return this.#head.timestamp;
  }

  async until(timestamp: bigint, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#head !== undefined && this.#head.timestamp >= timestamp) return;
      await this.#next(signal);
    }
  }

  busy(): () => void {
    return () => undefined;
  }

  /** Calls `listen` with each new head. */
  onHead(listen: (head: Head) => void): void {
    this.#listeners.push(listen);
  }

  /** Looks until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        this.#take(await this.#options.latest(signal));
        if (failures > 0) this.#options.onRecovery();
        failures = 0;
      } catch (error) {
        if ((signal as { aborted: boolean }).aborted) return;
        failures++;
        this.#options.onFailure(error as Error);
      }
      const pause = failures > 0 ? Math.min(MAX_PAUSE_MS, this.#options.pollMs * 2 ** failures) : this.#pause();
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  #take(head: Head): void {
    if (head.hash === this.#head?.hash) return;
    const seenAt = this.#options.now();
    if (this.#head !== undefined && head.number === this.#head.number + 1) {
      const spacing = seenAt - this.#seenAt;
      this.#spacing = this.#spacing === undefined ? spacing : 0.75 * this.#spacing + 0.25 * spacing;
    }
    this.#head = head;
    this.#seenAt = seenAt;
    this.#options.onHead(head, seenAt);
    for (const listen of this.#listeners) listen(head);
    for (const wake of [...this.#waiters]) wake();
  }

  #pause(): number {
    const { pollMs, now } = this.#options;
    if (this.#spacing === undefined) return pollMs;
    // A block was there for half of that already when it was seen, in the mean.
    const due = this.#seenAt + this.#spacing - pollMs / 2 - now();
    // The longer one is overdue, the less often it is looked for.
    return Math.max(pollMs, Math.min(due > 0 ? due : -due / 2, MAX_QUIET_MS));
  }

  /** Settles with the next head. @throws the signal's reason */
  async #next(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void): void => {
        this.#waiters.delete(wake);
        signal?.removeEventListener("abort", onAbort);
        settle();
      };
      const wake = (): void => end(resolve);
      const onAbort = (): void => end(() => reject(signal!.reason as Error));
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(wake);
    });
  }
}
