import type { GossipView } from "./view.ts";

/** How long a view is good for, ms: it is made of thousands of records, and messages come a thousand a second. */
const MAX_AGE_MS = 200;

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
   * The latest view. Where a newer one is not to be had, as when L1 does not answer, the last one stands.
   * @throws what the first reading throws
   */
  async get(): Promise<GossipView> {
    if (this.#latest !== undefined && this.age! < MAX_AGE_MS) return this.#latest.view;
    return this.fresh().catch((error: unknown) => {
      if (this.#latest === undefined) throw error;
      return this.#latest.view;
    });
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
