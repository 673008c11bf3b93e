import { BoundedMap } from "../bounded.ts";

export interface TokenOptions {
  /** How much may be taken at once after a rest. */
  readonly burst: number;
  readonly perSecond: number;
  /** Names that are remembered; the one that was added first is forgotten first. */
  readonly names: number;
  /** Milliseconds of any clock that only goes forward. */
  readonly now?: () => number;
}

/** How much each of many names may still take: a bucket of tokens each, which fills by itself. */
export class Tokens {
  readonly #options: TokenOptions;
  readonly #now: () => number;
  readonly #buckets: BoundedMap<string, { left: number; at: number }>;

  constructor(options: TokenOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#buckets = new BoundedMap(options.names);
  }

  /** Takes one token. Whether there was one. */
  take(name: string): boolean {
    const { burst, perSecond } = this.#options;
    const now = this.#now();
    const bucket = this.#buckets.get(name) ?? { left: burst, at: now };
    const left = Math.min(burst, bucket.left + ((now - bucket.at) / 1_000) * perSecond);
    this.#buckets.set(name, { left: left < 1 ? left : left - 1, at: now });
    return left >= 1;
  }
}
