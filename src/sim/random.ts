import { keccak256, toUtf8Bytes } from "ethers";

/** A deterministic source of numbers: keccak of a seed and a counter. */
export class Random {
  readonly seed: string;
  #counter = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** 0 <= result < 2^256. */
  word(): bigint {
    return BigInt(keccak256(toUtf8Bytes(`${this.seed}/${this.#counter++}`)));
  }

  /** 0 <= result < bound. */
  below(bound: bigint): bigint {
    return this.word() % bound;
  }

  /** 0 <= result < bound. */
  index(bound: number): number {
    return Number(this.below(BigInt(bound)));
  }

  /** Nobody may rely on how likely true is, only on both happening. */
  chance(numerator: number, denominator: number): boolean {
    return this.index(denominator) < numerator;
  }
}
