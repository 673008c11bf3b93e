import { BoundedMap } from "./bounded.ts";

/** How long a message that comes too early may wait, ms: until this node, too, has read the next block of L1. */
export const PATIENCE_MS = 8_000;

/** Messages that may wait so, in all and of one peer. */
const MAX_EARLY = 2_048;
const MAX_EARLY_OF_PEER = 128;

/** Messages that this node cannot make use of yet. */
export class Early<T extends { readonly from: string; readonly since: number }> {
  readonly #items = new Set<T>();
  /** How many each peer has. */
  readonly #counts = new BoundedMap<string, number>(MAX_EARLY);

  get size(): number {
    return this.#items.size;
  }

  /** Whether it is kept: there is room, and it has not waited for too long. */
  add(item: T): boolean {
    const count = this.#counts.get(item.from) ?? 0;
    if (this.#items.size >= MAX_EARLY || count >= MAX_EARLY_OF_PEER) return false;
    if (performance.now() - item.since > PATIENCE_MS) return false;
    this.#items.add(item);
    this.#counts.set(item.from, count + 1);
    return true;
  }

  /** All of them, to be tried again. */
  takeAll(): T[] {
    return this.#take(() => true);
  }

  /** Those that have waited for too long. */
  takeOverdue(): T[] {
    const now = performance.now();
    return this.#take(({ since }) => now - since > PATIENCE_MS);
  }

  #take(isTaken: (item: T) => boolean): T[] {
    const taken = [...this.#items].filter(isTaken);
    for (const item of taken) {
      this.#items.delete(item);
      const left = (this.#counts.get(item.from) ?? 0) - 1;
      if (left > 0) this.#counts.set(item.from, left);
      else this.#counts.delete(item.from);
    }
    return taken;
  }
}
