import type { Entry, Journal } from "./journal.ts";

/** What a role has done: the pure fold of its journal. */
export class Memory<E extends Entry, O> {
  readonly #journal: Journal<E>;
  readonly #fold: (own: O, entry: E) => O;
  readonly #nothing: O;
  #own: O;

  /** @param nothing what a role has done whose journal is empty */
  constructor(journal: Journal<E>, fold: (own: O, entry: E) => O, nothing: O) {
    this.#journal = journal;
    this.#fold = fold;
    this.#nothing = nothing;
    this.#own = journal.entries.reduce(fold, nothing);
  }

  get own(): O {
    return this.#own;
  }

  /** Settles when the entry is on disk: only then may the action follow. */
  async write(entry: E): Promise<void> {
    await this.#journal.append(entry);
    this.#own = this.#fold(this.#own, entry);
  }

  /** Forgets rounds before `roundNumber`. @returns whether it knew any */
  async forget(roundNumber: bigint): Promise<boolean> {
    if (this.#journal.entries.every((entry) => entry.roundNumber >= roundNumber)) return false;
    await this.#journal.prune(roundNumber);
    this.#own = this.#journal.entries.reduce(this.#fold, this.#nothing);
    return true;
  }
}
