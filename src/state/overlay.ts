import { B52Error } from "../protocol/errors.ts";
import type { Reader } from "./records.ts";
import type { Store } from "./store.ts";

/** The store has moved on to another block than the one that this view was made from. */
export class StaleStateError extends B52Error {
  constructor(version: number, current: number) {
    super(`the state is a view of store version ${version}, expected ${current}: another block was committed`, {
      version,
      current,
    });
  }
}

const NO_MARKS: ReadonlyMap<string, string> = new Map();

/** A store as it was at one version. */
class Snapshot implements Reader {
  readonly #store: Store;
  readonly #version: number;

  constructor(store: Store) {
    this.#store = store;
    this.#version = store.version;
  }

  get(key: string): string | undefined {
    this.check();
    return this.#store.get(key);
  }

  get isStale(): boolean {
    return this.#store.version !== this.#version;
  }

  check(): void {
    if (this.isStale) throw new StaleStateError(this.#version, this.#store.version);
  }
}

/** Changes on top of a store or of other changes. What is below stays as it is until they are committed. */
export class Overlay implements Reader {
  readonly #store: Store;
  readonly #changes = new Map<string, string>();
  /** What is being written beside the changes: whoever reads on meanwhile has to see it. */
  #marks: ReadonlyMap<string, string> = NO_MARKS;
  #parent: Overlay | Snapshot;

  constructor(store: Store, parent?: Overlay) {
    this.#store = store;
    this.#parent = parent ?? new Snapshot(store);
  }

  /** @throws {StaleStateError} if another block was committed under this view */
  get(key: string): string | undefined {
    return this.#marks.get(key) ?? this.#changes.get(key) ?? this.#parent.get(key);
  }

  set(key: string, value: string): void {
    this.#changes.set(key, value);
  }

  /** Whether the store has moved on under this view, so that it cannot be read any more. */
  get isStale(): boolean {
    return this.#parent.isStale;
  }

  fork(): Overlay {
    return new Overlay(this.#store, this);
  }

  /**
   * Writes these changes, all below them and `marks` in one batch. Forks stay valid; forks of what is below become
   * stale. After an error it may be called again.
   */
  async commit(marks: ReadonlyMap<string, string>): Promise<void> {
    for (const [key, value] of this.#collect()) this.#changes.set(key, value);
    const written = this.#store.write(new Map([...this.#changes, ...marks]));
    // This view belongs to the store's new version already, and all other views are stale, while the batch is written.
    this.#parent = new Snapshot(this.#store);
    this.#marks = marks;
    await written.finally(() => (this.#marks = NO_MARKS));
    this.#changes.clear();
  }

  #collect(): Map<string, string> {
    if (this.#parent instanceof Snapshot) {
      this.#parent.check();
      return new Map(this.#changes);
    }
    const all = this.#parent.#collect();
    for (const [key, value] of this.#changes) all.set(key, value);
    return all;
  }
}
