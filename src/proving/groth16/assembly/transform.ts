import { mul, ONE, R2, MODULUS, reduce } from "./fr";
import { add, ELEMENT, gather, pack, PAIR, scale, scatter, spread, sub, swap } from "./lanes";

/*
 * Number-theoretic transforms of n values, n a power of two: value i in the first lane of a pair, value i + n/2 in the
 * second.
 *
 * From values to coefficients the order becomes bit-reversed, and on the way back it becomes natural again, so that
 * nothing is ever reordered. The largest butterflies run between the lanes, all others in both at once. Values are
 * reduced at most by a multiplication, to 1.01 r.
 */

const X: usize = memory.data(80, 16);
const Y: usize = memory.data(80, 16);
const W: usize = memory.data(80, 16);

const ONE_ELEMENT: usize = memory.data(40, 16);
scatter(ONE_ELEMENT, ONE_ELEMENT, ONE);

/** `out[i] = first * ratio^i`, elements. */
export function powers(out: usize, first: usize, ratio: usize, n: usize): void {
  spread(X, first);
  spread(W, ratio);
  for (let i: usize = 0; i < n; i++) {
    scatter(out + ELEMENT * i, out + ELEMENT * i, X);
    mul(X, X, W);
  }
}

/**
 * Roots of unity for all sizes of butterflies: those of size h, `root^(i n / 2h)`, at places h to 2h - 1.
 * @param out room for n elements
 */
export function twiddles(out: usize, root: usize, n: usize): void {
  let h = n >> 1;
  scatter(out, out, ONE);
  powers(out + ELEMENT * h, out, root, h);
  for (; h > 1; h >>= 1) {
    const half = h >> 1;
    for (let i: usize = 0; i < half; i++) memory.copy(out + ELEMENT * (half + i), out + ELEMENT * (h + 2 * i), ELEMENT);
  }
}

/** Factors in bit-reversed order, as pairs. */
export function reverse(out: usize, factors: usize, n: usize): void {
  const bits: u32 = 32 - ctz(<u32>n);
  const half = n >> 1;
  for (let i: usize = 0; i < half; i++) {
    const first = reversed(<u32>i) >>> bits;
    const second = reversed(<u32>(i + half)) >>> bits;
    gather(out + PAIR * i, factors + ELEMENT * first, factors + ELEMENT * second);
  }
}

function reversed(x: u32): u32 {
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  return bswap(x);
}

/** The sum and the difference of the lanes. */
function cross(out: usize, a: usize): void {
  swap(Y, a);
  scale(X, a, f64x2(1, -1));
  add(out, X, Y);
}

/** Values to coefficients times n. @param roots twiddles of the inverse root */
export function toCoefficients(data: usize, n: usize, roots: usize): void {
  const half = n >> 1;
  for (let i: usize = 0; i < half; i++) {
    cross(X, data + PAIR * i);
    gather(W, ONE_ELEMENT, roots + ELEMENT * (half + i));
    mul(data + PAIR * i, X, W);
  }
  for (let h = half >> 1; h > 0; h >>= 1) {
    for (let block: usize = 0; block < half; block += 2 * h) {
      for (let i: usize = 0; i < h; i++) {
        const u = data + PAIR * (block + i);
        const v = u + PAIR * h;
        add(X, u, v);
        sub(Y, u, v);
        spread(W, roots + ELEMENT * (h + i));
        reduce(u, X);
        mul(v, Y, W);
      }
    }
  }
}

/** Coefficients to values. @param roots twiddles */
export function toValues(data: usize, n: usize, roots: usize): void {
  const half = n >> 1;
  for (let h: usize = 1; h < half; h <<= 1) {
    for (let block: usize = 0; block < half; block += 2 * h) {
      for (let i: usize = 0; i < h; i++) {
        const u = data + PAIR * (block + i);
        const v = u + PAIR * h;
        spread(W, roots + ELEMENT * (h + i));
        mul(X, v, W);
        sub(Y, u, X);
        add(X, u, X);
        reduce(u, X);
        reduce(v, Y);
      }
    }
  }
  for (let i: usize = 0; i < half; i++) {
    gather(W, ONE_ELEMENT, roots + ELEMENT * (half + i));
    mul(W, data + PAIR * i, W);
    cross(X, W);
    reduce(data + PAIR * i, X);
  }
}

/** `a[i] *= b[i]`, pairs. */
export function multiplyAll(out: usize, a: usize, b: usize, pairs: usize): void {
  for (let i: usize = 0; i < pairs; i++) mul(out + PAIR * i, a + PAIR * i, b + PAIR * i);
}

/**
 * `a b - c` times R, as canonical numbers of 32 bytes, in natural order.
 * @param a, b, c values, n of them as pairs
 */
export function quotient(out: usize, a: usize, b: usize, c: usize, n: usize): void {
  const half = n >> 1;
  for (let i: usize = 0; i < half; i++) {
    mul(X, a + PAIR * i, b + PAIR * i);
    sub(X, X, c + PAIR * i);
    reduce(X, X);
    mul(X, X, R2);
    reduce(X, X);
    pack(out + 32 * i, X, 0, MODULUS);
    pack(out + 32 * (half + i), X, 1, MODULUS);
  }
}
