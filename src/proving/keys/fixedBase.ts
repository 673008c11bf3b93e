import type { Curve } from "ffjavascript";
import { writeLE256 } from "./bytes.ts";

const WINDOW_BITS = 12;
const WINDOWS = 22; // 12 * 22 >= 254
const WINDOW_SIZE = 1 << WINDOW_BITS;
const CHUNK = 4096;
const PAGE = 65_536;

type PointFunction = (...pointers: number[]) => void;

/**
 * Multiples of a group's generator by windowed tables: one mixed addition per non-zero window of 12 bits.
 *
 * The curve's WebAssembly is called on raw pointers in a memory of its own; through ffjavascript's wrappers every
 * addition would copy three points and take five times as long.
 */
export class FixedBase {
  readonly #memory: WebAssembly.Memory;
  readonly #addMixed: PointFunction;
  readonly #batchToAffine: PointFunction;
  readonly #affine: number;
  readonly #jacobian: number;
  readonly #table: number;
  readonly #work: number;

  private constructor(
    instance: WebAssembly.Instance,
    memory: WebAssembly.Memory,
    group: "G1" | "G2",
    generator: Uint8Array,
  ) {
    const prefix = group === "G1" ? "g1m" : "g2m";
    this.#memory = memory;
    this.#addMixed = instance.exports[`${prefix}_addMixed`] as PointFunction;
    this.#batchToAffine = instance.exports[`${prefix}_batchToAffine`] as PointFunction;
    this.#affine = generator.length;
    this.#jacobian = (generator.length / 2) * 3;

    // Word 0 of the memory is the module's free pointer: what follows it is scratch space for batchToAffine.
    const free = new Uint32Array(memory.buffer, 0, 1);
    this.#table = (free[0]! + 63) & ~63;
    this.#work = this.#table + WINDOWS * WINDOW_SIZE * this.#affine;
    const scratch = this.#work + (CHUNK + 1) * this.#jacobian;
    memory.grow(Math.ceil((scratch + 2 * CHUNK * this.#jacobian) / PAGE));
    new Uint32Array(memory.buffer, 0, 1)[0] = scratch;
    this.#fillTable(generator);
  }

  static async create(curve: Curve, group: "G1" | "G2"): Promise<FixedBase> {
    const memory = new WebAssembly.Memory({ initial: 25 });
    const { instance } = await WebAssembly.instantiate(curve.tm.code, { env: { memory } });
    return new FixedBase(instance, memory, group, curve[group].gAffine);
  }

  /**
   * The affine multiples in the layout of a `.zkey` (Montgomery, little-endian; infinity is all zero).
   *
   * @param scalars canonical field elements
   * @param onProgress hears how many more points are done
   */
  multiply(scalars: readonly bigint[], onProgress?: (points: number) => void): Uint8Array {
    const out = new Uint8Array(scalars.length * this.#affine);
    const digits = new Uint8Array(33);
    const view = new DataView(digits.buffer);
    for (let start = 0; start < scalars.length; start += CHUNK) {
      const chunk = scalars.slice(start, start + CHUNK);
      const memory = new Uint8Array(this.#memory.buffer);
      memory.fill(0, this.#work, this.#work + chunk.length * this.#jacobian);
      chunk.forEach((scalar, i) => {
        if (scalar === 0n) return;
        writeLE256(view, 0, scalar);
        const sum = this.#work + i * this.#jacobian;
        for (let window = 0; window < WINDOWS; window++) {
          const byte = (window * 3) >> 1;
          const digit =
            window & 1
              ? (digits[byte]! >> 4) | (digits[byte + 1]! << 4)
              : digits[byte]! | ((digits[byte + 1]! & 15) << 8);
          if (digit !== 0) this.#addMixed(sum, this.#table + (window * WINDOW_SIZE + digit) * this.#affine, sum);
        }
      });
      this.#batchToAffine(this.#work, chunk.length, this.#work);
      out.set(memory.subarray(this.#work, this.#work + chunk.length * this.#affine), start * this.#affine);
      onProgress?.(chunk.length);
    }
    return out;
  }

  /** Entry `digit` of window `w` becomes `digit * 2 ** (12 w)` times the generator. */
  #fillTable(generator: Uint8Array): void {
    const memory = new Uint8Array(this.#memory.buffer);
    let base = generator;
    for (let window = 0; window < WINDOWS; window++) {
      // Entry 0 is infinity; the entry after the last is the base of the next window.
      memory.fill(0, this.#work, this.#work + this.#jacobian);
      const basePointer = this.#table + window * WINDOW_SIZE * this.#affine;
      memory.set(base, basePointer);
      for (let digit = 1; digit <= WINDOW_SIZE; digit++) {
        const entry = this.#work + digit * this.#jacobian;
        this.#addMixed(entry - this.#jacobian, basePointer, entry);
      }
      this.#batchToAffine(this.#work, WINDOW_SIZE + 1, this.#work);
      memory.copyWithin(basePointer, this.#work, this.#work + WINDOW_SIZE * this.#affine);
      base = memory.slice(this.#work + WINDOW_SIZE * this.#affine, this.#work + (WINDOW_SIZE + 1) * this.#affine);
    }
  }
}
