import { statfs } from "node:fs/promises";
import type { Provider } from "ethers";
import type { PoolStatus } from "../../chain/pool/pool.ts";
import type { Log } from "../../log/index.ts";
import { ClockSkew } from "./clockSkew.ts";
import type { Head } from "./headClock.ts";

/** Seconds without a block of L1 after which somebody should look. */
export const STILL_S = 60;

/** Ms between two looks of a process that was not stopped itself, on a machine whose clock nobody has set. */
const LONGEST_PAUSE_MS = 15_000;

/** What a program knows of itself and of L1 from moment to moment. Plain values, for `/ready` and metrics. */
export class Facts {
  readonly #log: Log;
  readonly #maxSkewMs: number;
  readonly skew = new ClockSkew();
  head: Head | undefined;
  /** This machine's time, ms. */
  headSeenAt: number | undefined;
  /** What the last look at L1 failed with; undefined if it did not. */
  l1Failure: string | undefined;
  l1Failures = 0;
  /** The nodes of L1 that are asked; undefined before one has answered. */
  nodes: (() => PoolStatus) | undefined;
  freeBytes: number | undefined;
  /** Wei, by account. */
  balances: Readonly<Record<string, bigint>> = {};
  #warnedOfSkew = -Infinity;
  /** Whether L1 answers, and has made no block for {@link STILL_S}. */
  isStill = false;
  #lookedAt: number | undefined;
  /** Since when nobody but L1 has stood still, ms. */
  #since = -Infinity;

  constructor(log: Log, maxSkewMs: number) {
    this.#log = log;
    this.#maxSkewMs = maxSkewMs;
  }

  onHead(head: Head, seenAt: number): void {
    this.head = head;
    this.headSeenAt = seenAt;
    if (this.isStill) this.#log.info("l1-goes-on", `L1 makes blocks again: ${head.number}`, { block: head.number });
    this.isStill = false;
    this.skew.see(head, seenAt);
    const { ms } = this.skew;
    if (ms === undefined || Math.abs(ms) < this.#maxSkewMs || seenAt - this.#warnedOfSkew < REMIND_MS) return;
    this.#warnedOfSkew = seenAt;
    const side = ms < 0 ? "behind" : "ahead of";
    this.#log.warn(
      "clock-skew",
      `this machine's clock is ${Math.abs(ms)} ms ${side} L1's, expected less than ${this.#maxSkewMs} ms`,
      {
        skewMs: ms,
      },
    );
  }

  /** Warns, once, of an L1 that answers and makes no blocks: windows are in its time, so nothing is due any more. */
  look(now = Date.now()): void {
    if (this.#lookedAt !== undefined && Math.abs(now - this.#lookedAt) > LONGEST_PAUSE_MS) this.#since = now;
    this.#lookedAt = now;
    if (this.isStill || this.l1Failure !== undefined || this.head === undefined) return;
    const seconds = Math.round((now - Math.max(this.headSeenAt!, this.#since)) / 1_000);
    if (seconds <= STILL_S) return;
    this.isStill = true;
    this.#log.warn(
      "l1-still",
      `no block of L1 for ${seconds} s, block ${this.head.number} is the latest; all windows stand still. ` +
        "A node for development may make them on demand alone: give it a block time",
      { block: this.head.number, seconds },
    );
  }

  onFailure(error: Error): void {
    if (this.l1Failure === undefined)
      this.#log.warn("l1-unreachable", `L1 does not answer: ${error.message}`, { error });
    this.l1Failure = error.message;
    this.l1Failures++;
  }

  onRecovery(): void {
    this.l1Failure = undefined;
    this.#log.info("l1-back", "L1 answers again");
  }

  async readDisk(folder: string): Promise<void> {
    const { bavail, bsize } = await statfs(folder);
    this.freeBytes = bavail * bsize;
  }

  async readBalances(provider: Provider, accounts: Readonly<Record<string, string>>): Promise<void> {
    const read = Object.entries(accounts).map(
      async ([name, address]) => [name, await provider.getBalance(address)] as const,
    );
    this.balances = Object.fromEntries(await Promise.all(read));
  }
}

/** Milliseconds between two warnings about the clock. */
const REMIND_MS = 60_000;
