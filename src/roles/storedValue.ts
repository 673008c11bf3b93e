import type { Store } from "../state/store.ts";

/** How a value is written down. */
export interface Coding<T> {
  readonly encode: (value: T) => string;
  /** @param encoded undefined where nothing was written yet */
  readonly decode: (encoded: string | undefined) => T;
}

/** A value that restarts do not forget. */
export class StoredValue<T> {
  readonly #store: Store;
  readonly #key: string;
  readonly #coding: Coding<T>;
  #value: T;

  constructor(store: Store, key: string, coding: Coding<T>) {
    this.#store = store;
    this.#key = key;
    this.#coding = coding;
    this.#value = coding.decode(store.get(key));
  }

  get value(): T {
    return this.#value;
  }

  /** Settles when it is on disk. */
  async write(value: T): Promise<void> {
    this.#value = value;
    await this.#store.write(new Map([[this.#key, this.#coding.encode(value)]]));
  }
}
