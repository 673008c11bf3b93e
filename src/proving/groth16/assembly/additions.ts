import { add, inverse, isZero, mul, mulTwo, reduce, scale, square, sub } from "./extension";
import { sumX, sumY } from "./fq";
import { copy, copyLane, ELEMENT, gather, gatherDifference, gatherSignedDifference, PAIR, signs, swap } from "./lanes";
import { allocate } from "./memory";

/*
 * Many additions of affine points, whose slopes share one inversion.
 *
 * A reference is a point's address; its lowest bit says that the negative is meant. Points are x and y, each `degree`
 * elements, reduced. Two additions share a vector. Formulas and bounds are those of extension.ts: differences of
 * coordinates are at most 1.01 p, running products T of them 1.01 p (degree 1) or 2.58 p (degree 2).
 */

/** Additions that share an inversion, at most. */
export const BATCH: usize = 1024;
/** Products of differences run in several chains, so that one need not wait for the other. */
const CHAINS: usize = 4;
const BLOCK: usize = 8;

/** Two references an addition. */
export const REFERENCES: usize = allocate(8 * BATCH);
/** Where each addition's sum goes. */
export const OUTS: usize = allocate(4 * BATCH);
/** Bytes of a pair of the larger field. */
const EXTENDED: usize = 2 * PAIR;
const D: usize = allocate((EXTENDED * BATCH) / 2);
const N: usize = allocate((EXTENDED * BATCH) / 2);
const T: usize = allocate((EXTENDED * BATCH) / 2);
const U: usize = memory.data(160 * 4, 16);
const X1: usize = memory.data(160, 16);
const X2: usize = memory.data(160, 16);
const Y1: usize = memory.data(160, 16);
const Y2: usize = memory.data(160, 16);
const V: usize = memory.data(160 * 6, 16);

/** What fills up the last vectors: two points whose sum is an ordinary one, by degree. */
const FILLERS: usize = memory.data(16, 16);
/** Where their sums go. */
const FILLED: usize = memory.data(160, 16);

/** Additions noted. */
export let size: usize = 0;
/** Sums of the last batch that are infinity. */
export let infinities: usize = 0;

/** The marker of infinity, in the place of the first limb of x. */
export function isInfinity(reference: usize): bool {
  const limb = load<f64>(reference & ~1);
  return limb != limb;
}

export function setFillers(degree: usize, first: usize, second: usize): void {
  store<u32>(FILLERS + 8 * (degree - 1), <u32>first);
  store<u32>(FILLERS + 8 * (degree - 1), <u32>second, 4);
}

/** Notes an addition for the next batch, or does not, without a branch. Returns how many have been noted. */
export function push(first: u32, second: u32, noted: bool): usize {
  store<u32>(REFERENCES + 8 * size, first);
  store<u32>(REFERENCES + 8 * size, second, 4);
  size += <usize>noted;
  return size;
}

function referenceOf(v: usize, lane: usize, which: usize): usize {
  return <usize>load<u32>(REFERENCES + 16 * v + 8 * lane + 4 * which);
}

function gatherX(degree: usize, out: usize, v: usize, which: usize): void {
  const first = referenceOf(v, 0, which) & ~1;
  const second = referenceOf(v, 1, which) & ~1;
  for (let i: usize = 0; i < degree; i++) gather(out + PAIR * i, first + ELEMENT * i, second + ELEMENT * i);
}

/** With the sign of the references. */
function gatherY(degree: usize, out: usize, v: usize, which: usize): void {
  const first = referenceOf(v, 0, which);
  const second = referenceOf(v, 1, which);
  for (let i: usize = 0; i < degree; i++) {
    const y = ELEMENT * (degree + i);
    gather(out + PAIR * i, (first & ~1) + y, (second & ~1) + y);
  }
  scale(degree, out, out, signs(first, second));
}

/** Makes the additions noted; where they are and where their sums go stays known. */
export function addAll(degree: usize): void {
  const additions = size;
  infinities = 0;
  const first = load<u32>(FILLERS + 8 * (degree - 1));
  const second = load<u32>(FILLERS + 8 * (degree - 1), 4);
  while (size & (2 * CHAINS - 1)) {
    store<u32>(OUTS + 4 * size, <u32>FILLED);
    push(first, second, true);
  }
  const vectors = size >> 1;
  size = 0;
  const stride = PAIR * degree;

  for (let v: usize = 0; v < vectors; v++) {
    const a0 = referenceOf(v, 0, 0);
    const a1 = referenceOf(v, 1, 0);
    const b0 = referenceOf(v, 0, 1);
    const b1 = referenceOf(v, 1, 1);
    const signA = signs(a0, a1);
    const signB = signs(b0, b1);
    for (let i: usize = 0; i < degree; i++) {
      const x = ELEMENT * i;
      const y = ELEMENT * (degree + i);
      gatherDifference(D + stride * v + PAIR * i, (a0 & ~1) + x, (a1 & ~1) + x, (b0 & ~1) + x, (b1 & ~1) + x);
      gatherSignedDifference(
        N + stride * v + PAIR * i,
        (a0 & ~1) + y,
        (a1 & ~1) + y,
        signA,
        (b0 & ~1) + y,
        (b1 & ~1) + y,
        signB,
      );
    }
  }
  if (!invertProducts(degree, vectors)) {
    resolve(degree, vectors);
    invertProducts(degree, vectors);
  }
  for (let end = vectors; end > 0;) {
    const begin = end > BLOCK ? end - BLOCK : 0;
    for (let v = end; v-- > begin;) {
      const u: usize = U + EXTENDED * (v & (CHAINS - 1));
      if (v < CHAINS) {
        copy(T + stride * v, u);
        if (degree == 2) copy(T + stride * v + PAIR, u + PAIR);
      } else {
        mulTwo(degree, u, T + stride * v, u, D + stride * v, u, T + stride * (v - CHAINS));
        if (degree == 2) reduce(degree, u, u);
      }
    }
    for (let v = begin; v < end; v += 2) {
      const n = N + stride * v;
      const t = T + stride * v;
      mulTwo(degree, n, n + stride, n, t, n + stride, t + stride);
      if (degree == 2) {
        reduce(degree, n, n);
        reduce(degree, n + stride, n + stride);
      }
    }
    for (let v = begin; v < end; v++) {
      square(degree, D + stride * v, N + stride * v);
      const out0 = <usize>load<u32>(OUTS + 8 * v);
      const out1 = <usize>load<u32>(OUTS + 8 * v, 4);
      const a0 = referenceOf(v, 0, 0) & ~1;
      const a1 = referenceOf(v, 1, 0) & ~1;
      const b0 = referenceOf(v, 0, 1) & ~1;
      const b1 = referenceOf(v, 1, 1) & ~1;
      for (let i: usize = 0; i < degree; i++) {
        const x = ELEMENT * i;
        const at = stride * v + PAIR * i;
        sumX(out0 + x, out1 + x, T + at, D + at, a0 + x, a1 + x, b0 + x, b1 + x);
      }
    }
    for (let v = begin; v < end; v += 2) {
      const n = N + stride * v;
      const t = T + stride * v;
      mulTwo(degree, t, t + stride, t, n, t + stride, n + stride);
    }
    for (let v = begin; v < end; v++) {
      const out0 = <usize>load<u32>(OUTS + 8 * v);
      const out1 = <usize>load<u32>(OUTS + 8 * v, 4);
      const a0 = referenceOf(v, 0, 0);
      const a1 = referenceOf(v, 1, 0);
      for (let i: usize = 0; i < degree; i++) {
        const y = ELEMENT * (degree + i);
        sumY(out0 + y, out1 + y, T + stride * v + PAIR * i, a0 + y, a1 + y);
      }
    }
    end = begin;
  }
  // The references are still there: those of sums that are infinity were cleared.
  if (infinities > 0) {
    for (let i: usize = 0; i < additions; i++) {
      if (load<u32>(REFERENCES + 8 * i) == first && load<u32>(REFERENCES + 8 * i, 4) == second)
        store<f64>(load<u32>(OUTS + 4 * i), NaN);
    }
  }
}

/**
 * Multiplies the differences along the chains, into T, and inverts the chains' products, into U.
 * @returns false when a difference is 0
 */
function invertProducts(degree: usize, vectors: usize): bool {
  const stride = PAIR * degree;
  for (let v: usize = 0; v < CHAINS; v++) {
    copy(T + stride * v, D + stride * v);
    if (degree == 2) copy(T + stride * v + PAIR, D + stride * v + PAIR);
  }
  for (let v = CHAINS; v < vectors; v += 2) {
    const t = T + stride * v;
    const d = D + stride * v;
    const before = t - stride * CHAINS;
    mulTwo(degree, t, t + stride, d, before, d + stride, before + stride);
  }
  const left = V;
  const right = V + EXTENDED;
  const both = V + EXTENDED * 2;
  const swapped = V + EXTENDED * 3;
  for (let i: usize = 0; i < CHAINS; i++) reduce(degree, U + EXTENDED * i, T + stride * (vectors - CHAINS + i));
  mul(degree, left, U, U + EXTENDED);
  mul(degree, right, U + EXTENDED * 2, U + EXTENDED * 3);
  mul(degree, both, left, right);
  reduce(degree, both, both);
  if (isZero(degree, both, 0) || isZero(degree, both, 1)) return false;
  swap(swapped, both);
  if (degree == 2) swap(swapped + PAIR, both + PAIR);
  mul(degree, both, both, swapped);
  reduce(degree, both, both);
  inverse(degree, both, both);
  mul(degree, both, both, swapped);
  mul(degree, right, both, right);
  mul(degree, left, both, left);
  crossMultiply(degree, U, U + EXTENDED, right);
  crossMultiply(degree, U + EXTENDED * 2, U + EXTENDED * 3, left);
  return true;
}

/** `a, b` become `b c, a c`, reduced. */
function crossMultiply(degree: usize, a: usize, b: usize, c: usize): void {
  const product = V + EXTENDED * 4;
  mul(degree, product, b, c);
  mul(degree, b, a, c);
  reduce(degree, b, b);
  reduce(degree, a, product);
}

/**
 * Finds the additions whose points have the same x. Equal points are doubled, by the slope of the tangent. Those of
 * opposite points are replaced by the fillers, and counted: their sum is infinity.
 */
function resolve(degree: usize, vectors: usize): void {
  const stride = PAIR * degree;
  const filler: usize = FILLERS + 8 * (degree - 1);
  const difference = V;
  const numerator = V + EXTENDED;
  const denominator = V + EXTENDED * 2;
  for (let v: usize = 0; v < vectors; v++) {
    reduce(degree, difference, D + stride * v);
    for (let lane: usize = 0; lane < 2; lane++) {
      if (!isZero(degree, difference, lane)) continue;
      gatherY(degree, Y1, v, 0);
      gatherY(degree, Y2, v, 1);
      add(degree, denominator, Y1, Y2);
      reduce(degree, denominator, denominator);
      if (isZero(degree, denominator, lane)) {
        const references = REFERENCES + 16 * v + 8 * lane;
        store<u64>(references, load<u64>(filler));
        infinities++;
        gatherX(degree, X1, v, 0);
        gatherX(degree, X2, v, 1);
        sub(degree, denominator, X2, X1);
        gatherY(degree, Y1, v, 0);
        gatherY(degree, Y2, v, 1);
        sub(degree, numerator, Y2, Y1);
      } else {
        // Equal points: the denominator is twice y already.
        gatherX(degree, X1, v, 0);
        square(degree, numerator, X1);
        add(degree, X2, numerator, numerator);
        add(degree, numerator, X2, numerator);
        reduce(degree, numerator, numerator);
      }
      copyLane(D + stride * v, denominator, lane);
      copyLane(N + stride * v, numerator, lane);
      if (degree == 2) {
        copyLane(D + stride * v + PAIR, denominator + PAIR, lane);
        copyLane(N + stride * v + PAIR, numerator + PAIR, lane);
      }
    }
  }
}
