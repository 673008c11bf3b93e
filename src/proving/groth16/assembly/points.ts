import { FROM_256, MODULUS, mul, reduce } from "./fq";
import { ELEMENT, pack, scatter, spread, unpack } from "./lanes";

/** Bytes of a coordinate in a `.zkey`: Montgomery with R = 2^256, little-endian. */
const FILE: usize = 32;
const X: usize = memory.data(80, 16);
/** The number 1, which takes the factor R away. */
const UNIT: usize = memory.data<f64>([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** A point or its negative; reference 0 gives infinity. */
export function copyPoint(degree: usize, out: usize, reference: usize): void {
  if (reference == 0) {
    store<f64>(out, NaN);
    return;
  }
  const limbs: usize = 10 * degree;
  const y: usize = 5 * degree;
  const point = reference & ~1;
  const sign: f64 = reference & 1 ? -1 : 1;
  for (let i: usize = 0; i < limbs; i++) store<f64>(out + 8 * i, load<f64>(point + 8 * i) * (i < y ? 1 : sign));
}

/**
 * Points of a `.zkey`, those at infinity left out.
 * @param kept gets the place of each point in the file
 * @param first the place of the first of them
 * @returns how many points there are
 */
export function importPoints(degree: usize, out: usize, kept: usize, file: usize, first: usize, n: usize): usize {
  const coordinates: usize = 2 * degree;
  let count: usize = 0;
  for (let i: usize = 0; i < n; i++) {
    const from = file + FILE * coordinates * i;
    let any: u64 = 0;
    for (let at = from; at < from + FILE * coordinates; at += 8) any |= load<u64>(at);
    if (any == 0) continue;
    const to = out + ELEMENT * coordinates * count;
    for (let j: usize = 0; j < coordinates; j += 2) {
      unpack(X, 16, from + FILE * j);
      unpack(X + 8, 16, from + FILE * (j + 1));
      mul(X, X, FROM_256);
      reduce(X, X);
      scatter(to + ELEMENT * j, to + ELEMENT * (j + 1), X);
    }
    store<u32>(kept + 4 * count, <u32>(first + i));
    count++;
  }
  return count;
}

/** Canonical coordinates, 32 bytes each; all zero for infinity. */
export function exportPoint(degree: usize, out: usize, point: usize): void {
  const bytes: usize = 2 * FILE * degree;
  memory.fill(out, 0, bytes);
  const limb = load<f64>(point);
  if (limb != limb) return;
  for (let j: usize = 0; j < 2 * degree; j++) {
    spread(X, point + ELEMENT * j);
    mul(X, X, UNIT);
    reduce(X, X);
    pack(out + FILE * j, X, 0, MODULUS);
  }
}
