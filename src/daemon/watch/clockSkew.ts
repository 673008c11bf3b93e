import type { Head } from "./headClock.ts";

/** A block as far as time goes. */
type Moment = Pick<Head, "number" | "timestamp">;

/** Heads that are remembered. */
const REMEMBERED = 32;
const ENOUGH = 3;

/**
 * How far this machine's clock is from that of L1. A block never comes before its time, so a head that was seen before
 * shows a clock that is behind. How late a good block may be seen, nobody knows exactly: a part of the time between
 * blocks, and what its timestamp is rounded by. A clock is ahead by what even the earliest of the last heads was later.
 */
export class ClockSkew {
  /** This machine's time at which a head was seen, less the head's, ms. */
  readonly #delays: number[] = [];
  #last: Moment | undefined;
  #spacing = 0;
  readonly #enough: number;

  /** @param enough heads without which nothing is said */
  constructor(enough = ENOUGH) {
    this.#enough = enough;
  }

  see(head: Moment, seenAt: number): void {
    if (this.#last !== undefined && head.number === this.#last.number + 1)
      this.#spacing = Number(head.timestamp - this.#last.timestamp) * 1_000;
    this.#last = head;
    this.#delays.push(seenAt - Number(head.timestamp) * 1_000);
    if (this.#delays.length > REMEMBERED) this.#delays.shift();
  }

  /** Whole ms; above 0: this machine is ahead. Undefined before a few heads were seen. */
  get ms(): number | undefined {
    if (this.#delays.length < this.#enough) return undefined;
    const least = Math.min(...this.#delays);
    if (least < 0) return least;
    return Math.max(0, least - this.#usual);
  }

  /** What is no sign of anything: whole seconds, and a third of the time between blocks. */
  get #usual(): number {
    return 1_000 + Math.round(this.#spacing / 3);
  }
}
