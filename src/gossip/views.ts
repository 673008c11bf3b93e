import { setTimeout as sleep } from "node:timers/promises";
import type { GossipView } from "./view.ts";

/** How long a view is good for, ms: it is made of thousands of records, and messages come a thousand a second. */
const MAX_AGE_MS = 200;

/** How long a newer one is waited for, ms: an L1 that hangs for a minute must not make a node deaf. */
const PATIENCE_MS = 1_000;

/** What a node knows, read anew a few times a second at most. */
export class Views {
  readonly #read: () => GossipView | Promise<GossipView>;
  #latest: { readonly view: GossipView; readonly at: number } | undefined;
  #reading: Promise<GossipView> | undefined;

  constructor(read: () => GossipView | Promise<GossipView>) {
    this.#read = read;
  }

  /** Milliseconds since the latest was read; undefined before the first one. */
  get age(): number | undefined {
    return this.#latest && performance.now() - this.#latest.at;
  }

  /**
   * The latest view. Where a newer one is not to be had soon, as when L1 does not answer, the last one stands.
   * @throws what the first reading throws
   */
  async get(): Promise<GossipView> {
    if (this.#latest === undefined) return this.fresh();
    const { view } = this.#latest;
    if (this.age! < MAX_AGE_MS) return view;
    const stop = new AbortController();
    const late = sleep(PATIENCE_MS, view, { signal: stop.signal }).catch(() => view);
    try {
      return await Promise.race([this.fresh().catch(() => view), late]);
    } finally {
      stop.abort();
    }
  }

  /** A view that is read now, or is being read. @throws what the reading throws */
  async fresh(): Promise<GossipView> {
    return (this.#reading ??= this.#renew().finally(() => (this.#reading = undefined)));
  }

  async #renew(): Promise<GossipView> {
    const view = await this.#read();
    this.#latest = { view, at: performance.now() };
    return view;
  }
}
