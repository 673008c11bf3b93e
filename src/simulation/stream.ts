import { createHash } from "node:crypto";

/**
 * A stream of random numbers: xoshiro128**, seeded by a hash of its name. Streams with different names are independent,
 * and one of the same name is the same on every machine.
 */
export class Stream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare = NaN;

  constructor(name: string) {
    const seed = createHash("sha256").update(name).digest();
    this.#a = seed.readInt32LE(0);
    this.#b = seed.readInt32LE(4);
    this.#c = seed.readInt32LE(8);
    // The state must not be all zeros.
    this.#d = seed.readInt32LE(12) | 1;
  }

  /** 32 random bits. */
  bits(): number {
    const x = Math.imul(this.#b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** 0 < result < 1, 53 bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 67_108_864 + (this.bits() >>> 6) + 0.5) / 9_007_199_254_740_992;
  }

  /** 0 < result < 1, 32 bits: where a draw is one of very many. */
  coarse(): number {
    return (this.bits() + 0.5) / 4_294_967_296;
  }

  /** 0 <= result < bound. */
  index(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Mean 1. */
  exponential(): number {
    return -Math.log(this.uniform());
  }

  /** Mean 0, standard deviation 1: Marsaglia's polar method. */
  normal(): number {
    if (!Number.isNaN(this.#spare)) {
      const spare = this.#spare;
      this.#spare = NaN;
      return spare;
    }
    for (;;) {
      const [x, y] = [2 * this.uniform() - 1, 2 * this.uniform() - 1];
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }

  /** Of median 1. @param sigma standard deviation of the logarithm */
  logNormal(sigma: number): number {
    return Math.exp(sigma * this.normal());
  }
}

/**
 * The streams of one run. A stream is named by the root seed, the scenario, the run and what it is for, not by
 * the case:
 * so every case of a sweep meets the same luck in the same run, and what differs between two of them is not luck.
 */
export class Streams {
  readonly #prefix: string;

  constructor(seed: string, scenario: string, run: number) {
    this.#prefix = `${seed}/${scenario}/${run}`;
  }

  of(purpose: string): Stream {
    return new Stream(`${this.#prefix}/${purpose}`);
  }
}
