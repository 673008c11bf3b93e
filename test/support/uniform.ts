import { FIELD } from "../../src/protocol/field.ts";

/** A fast deterministic source of uniform numbers (mulberry32), for simulations. */
export class Uniform {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed;
  }

  /** 32 bits. */
  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 <= result < 1. */
  unit(): number {
    return this.word() / 2 ** 32;
  }

  /** A VRF output: 0 < result < p. */
  beta(): bigint {
    const bits = (BigInt(this.word()) << 64n) | (BigInt(this.word()) << 32n) | BigInt(this.word());
    return ((2n * bits + 1n) * FIELD) >> 97n;
  }
}
