import { FIELD } from "../../protocol/field.ts";
import { type Source, viewOf } from "../keys/binfile.ts";
import { readLE256, writeLE256 } from "../keys/bytes.ts";
import type { Group, Point } from "./groups.ts";
import type { Kernels } from "./kernels.ts";
import { ELEMENT_BYTES } from "./limbs.ts";
import type { PlacedPoints } from "./multiscalar.ts";

/**
 * The points of a sum, none of them infinity and no two with the same x: points that are equal, or opposite, are one
 * point, whose scalar is the sum of theirs.
 */
export interface KeyPoints {
  /** Limbs of the coordinates. */
  readonly points: Uint8Array;
  /** Which scalar each point is multiplied by: its place in the file, or, from the number of those on, a sum. */
  readonly places: Uint32Array;
  /** What sums of scalars consist of, three words each: the sum, a place in the file, and 1 where it is subtracted. */
  readonly terms: Uint32Array;
}

/** Points that are taken from a file at a time. */
const CHUNK = 4096;
const TERM_WORDS = 3;
const SCALAR_BYTES = 32;

/** Reads the points of a section of a `.zkey`. */
export function readPoints<P extends Point<P>>(kernels: Kernels, group: Group<P>, source: Source): KeyPoints {
  const { functions } = kernels;
  const { degree, fileBytes } = group;
  const n = source.length / fileBytes;
  const pointBytes = 2 * ELEMENT_BYTES * degree;
  const bytes = new Uint8Array(pointBytes * n);
  const places = new Uint32Array(n);
  const known = new KnownPoints(bytes, pointBytes);
  const merged = new Map<number, number>();
  const terms: number[] = [];

  const mark = functions.mark();
  const file = functions.allocate(CHUNK * fileBytes);
  const out = functions.allocate(CHUNK * pointBytes);
  const kept = functions.allocate(4 * CHUNK);
  let count = 0;
  for (let first = 0; first < n; first += CHUNK) {
    const chunk = source.read(first * fileBytes, CHUNK * fileBytes);
    kernels.bytes(file, chunk.length).set(chunk);
    const imported = functions.importPoints(degree, out, kept, file, first, chunk.length / fileBytes);
    const points = kernels.bytes(out, imported * pointBytes);
    const placesOfThem = new Uint32Array(kernels.bytes(kept, 4 * imported).slice().buffer);
    for (const [i, place] of placesOfThem.entries()) {
      bytes.set(points.subarray(i * pointBytes, (i + 1) * pointBytes), count * pointBytes);
      const same = known.find(count);
      if (same === undefined) {
        places[count++] = place;
        continue;
      }
      let sum = merged.get(same);
      if (sum === undefined) {
        sum = merged.size;
        merged.set(same, sum);
        terms.push(sum, places[same]!, 0);
        places[same] = n + sum;
      }
      terms.push(sum, place, known.isNegative(count, same) ? 1 : 0);
    }
  }
  functions.release(mark);
  return {
    points: bytes.subarray(0, count * pointBytes),
    places: places.subarray(0, count),
    terms: new Uint32Array(terms),
  };
}

/** Finds points by their x. */
class KnownPoints {
  readonly #words: Uint32Array;
  readonly #pointWords: number;
  readonly #slots: Int32Array;
  readonly #shift: number;

  constructor(points: Uint8Array, pointBytes: number) {
    this.#words = new Uint32Array(points.buffer);
    this.#pointWords = pointBytes / 4;
    const bits = Math.ceil(Math.log2(2 * (points.length / pointBytes) + 2));
    this.#slots = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  /** An earlier point with the x of this one, which is known from now on if there is none. */
  find(point: number): number | undefined {
    const at = point * this.#pointWords;
    const mask = this.#slots.length - 1;
    // The lowest limb, whose lowest bits are often 0: the highest bits of a product depend on all of it.
    const hash = Math.imul(this.#words[at]! ^ this.#words[at + 1]!, 0x9e3779b1);
    for (let slot = hash >>> this.#shift; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot]! - 1;
      if (known < 0) {
        this.#slots[slot] = point + 1;
        return undefined;
      }
      if (this.#equal(known * this.#pointWords, at)) return known;
    }
  }

  /** Whether two points with the same x are opposite. */
  isNegative(first: number, second: number): boolean {
    const half = this.#pointWords / 2;
    return !this.#equal(first * this.#pointWords + half, second * this.#pointWords + half);
  }

  /** Of one coordinate. */
  #equal(first: number, second: number): boolean {
    for (let i = 0; i < this.#pointWords / 2; i++) if (this.#words[first + i] !== this.#words[second + i]) return false;
    return true;
  }
}

/** Brings points to the kernels' memory. */
export function placeKeyPoints<P extends Point<P>>(
  kernels: Kernels,
  group: Group<P>,
  { points, places }: KeyPoints,
): PlacedPoints<P> {
  return {
    group,
    address: kernels.place(points),
    places: kernels.place(new Uint8Array(places.buffer, places.byteOffset, places.byteLength)),
    count: places.length,
  };
}

/**
 * Scalars and, behind them, the sums of scalars that points have.
 *
 * @param scalars canonical numbers of 32 bytes
 * @returns their address
 */
export function placeScalars(kernels: Kernels, scalars: Uint8Array, { terms }: KeyPoints): number {
  const sums: bigint[] = [];
  const view = viewOf(scalars);
  for (let at = 0; at < terms.length; at += TERM_WORDS) {
    const [sum, place, negative] = terms.subarray(at, at + TERM_WORDS) as unknown as [number, number, number];
    const scalar = readLE256(view, SCALAR_BYTES * place);
    sums[sum] = ((sums[sum] ?? 0n) + (negative === 1 ? FIELD - scalar : scalar)) % FIELD;
  }
  const address = kernels.functions.allocate(scalars.length + SCALAR_BYTES * sums.length);
  const placed = kernels.bytes(address, scalars.length + SCALAR_BYTES * sums.length);
  placed.set(scalars);
  const rest = viewOf(placed.subarray(scalars.length));
  sums.forEach((sum, i) => writeLE256(rest, SCALAR_BYTES * i, sum));
  return address;
}
