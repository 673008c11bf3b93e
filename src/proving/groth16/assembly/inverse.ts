import { CUBE_OF_R, HALF_OF_R, MODULUS, MODULUS_WORDS, mul, reduce } from "./fq";
import { copy, ELEMENT, pack, scatter, spread, unpack } from "./lanes";

/*
 * Inverses modulo p, by the binary algorithm for greatest common divisors (Kaliski's): a tenth of what the power takes.
 *
 * With x the number to be inverted, `x s = v 2^k`, `x r = -u 2^k` modulo p, and `p = u s + v r`. At first u = p, v = x,
 * r = 0, s = 1 and k = 0. The larger one of u and v, both odd, less the other is even: it is halved until it is odd,
 * and s or r of the other is doubled as often. In the end u = v = 1, so that s is the inverse times 2^k. Neither r nor
 * s ever exceeds p, and k is at most twice its bits.
 */

/** Numbers of four words of 64 bits. */
const U: usize = memory.data(32, 16);
const V: usize = memory.data(32, 16);
const R: usize = memory.data(32, 16);
const S: usize = memory.data(32, 16);
const X: usize = memory.data(80, 16);
const FACTOR: usize = memory.data(80, 16);

/** `R^3 / 2^k`, for each k. */
const POWERS: usize = memory.data(40 * 509, 16);
copy(FACTOR, CUBE_OF_R);
for (let k: usize = 0; k < 509; k++) {
  reduce(FACTOR, FACTOR);
  scatter(POWERS + ELEMENT * k, POWERS + ELEMENT * k, FACTOR);
  mul(FACTOR, FACTOR, HALF_OF_R);
}

/** @param a the same number in both lanes, not 0 */
export function inverse(out: usize, a: usize): void {
  reduce(X, a);
  pack(V, X, 0, MODULUS);
  memory.copy(U, MODULUS_WORDS, 32);
  memory.fill(R, 0, 32);
  memory.fill(S, 0, 32);
  store<u64>(S, 1);
  let k = makeOdd(V, R);
  let larger = U;
  let smaller = V;
  for (;;) {
    const order = compare(larger, smaller);
    if (order == 0) break;
    if (order < 0) {
      larger = smaller;
      smaller = larger == U ? V : U;
    }
    subtract(larger, smaller);
    const factor = larger == U ? R : S;
    const other = larger == U ? S : R;
    add(factor, other);
    k += makeOdd(larger, other);
  }
  unpack(X, 16, S);
  unpack(X + 8, 16, S);
  spread(FACTOR, POWERS + ELEMENT * k);
  mul(out, X, FACTOR);
}

/** Halves a number, not 0, until it is odd, and doubles another as often. Returns how often. */
function makeOdd(a: usize, doubled: usize): usize {
  let times: u64 = 0;
  while ((load<u64>(a) & 1) == 0) {
    // A shift by 64 would be none.
    const bits = min<u64>(ctz(load<u64>(a)), 63);
    const a1 = load<u64>(a, 8);
    const a2 = load<u64>(a, 16);
    const a3 = load<u64>(a, 24);
    store<u64>(a, (load<u64>(a) >> bits) | (a1 << (64 - bits)));
    store<u64>(a, (a1 >> bits) | (a2 << (64 - bits)), 8);
    store<u64>(a, (a2 >> bits) | (a3 << (64 - bits)), 16);
    store<u64>(a, a3 >> bits, 24);
    const d0 = load<u64>(doubled);
    const d1 = load<u64>(doubled, 8);
    const d2 = load<u64>(doubled, 16);
    store<u64>(doubled, d0 << bits);
    store<u64>(doubled, (d1 << bits) | (d0 >> (64 - bits)), 8);
    store<u64>(doubled, (d2 << bits) | (d1 >> (64 - bits)), 16);
    store<u64>(doubled, (load<u64>(doubled, 24) << bits) | (d2 >> (64 - bits)), 24);
    times += bits;
  }
  return <usize>times;
}

/** Below 0, 0 or above, as the first number is less, equal or greater. */
function compare(a: usize, b: usize): i32 {
  for (let i: usize = 32; i > 0;) {
    i -= 8;
    const first = load<u64>(a + i);
    const second = load<u64>(b + i);
    if (first != second) return first < second ? -1 : 1;
  }
  return 0;
}

/** `a += b` */
function add(a: usize, b: usize): void {
  let carry: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) {
    const sum = load<u64>(a + i) + carry;
    const total = sum + load<u64>(b + i);
    carry = (<u64>(sum < carry)) | (<u64>(total < sum));
    store<u64>(a + i, total);
  }
}

/** `a -= b`, which is not larger */
function subtract(a: usize, b: usize): void {
  let borrow: u64 = 0;
  for (let i: usize = 0; i < 32; i += 8) {
    const first = load<u64>(a + i);
    const second = load<u64>(b + i);
    const difference = first - second;
    store<u64>(a + i, difference - borrow);
    borrow = (<u64>(first < second)) | (<u64>(difference < borrow));
  }
}
