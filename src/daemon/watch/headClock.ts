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
  /** Ms that only grow, whatever becomes of this machine's time. */
  readonly elapsed?: () => number;
}

/** Longest time without a look, ms: a chain that stands still may go on at any moment. */
const MAX_QUIET_MS = 12_000;
/** After a failure, ms. */
const MAX_PAUSE_MS = 8_000;
/** How old what is known of L1 may be for whoever makes promises by it, ms: several looks may fail meanwhile. */
const FRESH_MS = 30_000;

interface Moment {
  readonly date: number;
  readonly elapsed: number;
}

const CLOCKS = { now: () => Date.now(), elapsed: () => performance.now() };

/**
 * The time of L1 as one loop for the whole program sees it. It looks when the next block is due, not all the time: an
 * idle program asks about twice a block. While L1 does not answer, time stands still for all who go by it.
 */
export class HeadClock implements SharedClock {
  readonly #options: Required<HeadClockOptions>;
  #head: Head | undefined;
  /** When the head was first seen, by `elapsed`. */
  #seenAt = 0;
  /** When the last look has succeeded, by both clocks. */
  #lookedAt: Moment | undefined;
  /** Usual time between heads, ms. */
  #spacing: number | undefined;
  readonly #waiters = new Set<() => void>();
  readonly #listeners: ((head: Head) => void)[] = [];

  constructor(options: HeadClockOptions) {
    const nothing = (): void => undefined;
    this.#options = { onHead: nothing, onFailure: nothing, onRecovery: nothing, ...CLOCKS, ...options };
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

  /**
   * Whether a view of L1 tells what may be promised now. That of a process that stood still, or of a machine that was
   * suspended, does not: windows have ended meanwhile. It takes this machine's time as well, because some clocks that
   * only grow stand still with their machine.
   */
  isFresh({ now }: { /** L1 time of the view, Unix seconds. */ readonly now: bigint }): boolean {
    if (this.#head === undefined || this.#lookedAt === undefined) return false;
    const { now: date, elapsed } = this.#options;
    const age = Math.max(date() - this.#lookedAt.date, elapsed() - this.#lookedAt.elapsed);
    return age <= FRESH_MS && Number(this.#head.timestamp - now) * 1_000 <= FRESH_MS;
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
    const { now, elapsed, onHead } = this.#options;
    const moment = { date: now(), elapsed: elapsed() };
    this.#lookedAt = moment;
    if (head.hash === this.#head?.hash) return;
    if (this.#head !== undefined && head.number === this.#head.number + 1) {
      const spacing = moment.elapsed - this.#seenAt;
      this.#spacing = this.#spacing === undefined ? spacing : 0.75 * this.#spacing + 0.25 * spacing;
    }
    this.#head = head;
    this.#seenAt = moment.elapsed;
    onHead(head, moment.date);
    for (const listen of this.#listeners) listen(head);
    for (const wake of [...this.#waiters]) wake();
  }

  #pause(): number {
    const { pollMs, elapsed } = this.#options;
    if (this.#spacing === undefined) return pollMs;
    // A block was there for half of that already when it was seen, in the mean.
    const due = this.#seenAt + this.#spacing - pollMs / 2 - elapsed();
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
