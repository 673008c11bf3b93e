import { begin, finish, keep, put } from "./accumulate";
import { BATCH } from "./additions";
import { copyPoint } from "./points";
import { ELEMENT } from "./lanes";
import { allocate, mark, release } from "./memory";

/*
 * Sums of multiples of points, by signed windows (Pippenger).
 *
 * A window of `c` bits has 2^(c-1) buckets: bucket j sums the points whose digit is j + 1, and the negatives of those
 * whose digit is -(j + 1). The weighted sum of buckets S_j comes from halving: with F_0 = S and
 * F_(k+1)[j] = F_k[2j] + F_k[2j+1], the sum of (j + 1) S_j is F_(c-1)[0] + sum of 2^k O_k, where O_k sums the odd
 * places of F_k. All of it is sums at places (accumulate.ts), so that additions always come in large batches.
 */

/** Bits of a scalar with room for the sign of the highest digit. */
const SCALAR_BITS: usize = 255;

export function windowCount(c: usize): usize {
  return (SCALAR_BITS + c - 1) / c;
}

/**
 * @param points affine, none of them infinity
 * @param scalars 32 bytes each, canonical
 * @param chosen which scalar each point has, or 0 for one after the other
 * @param c bits of a window, 2 to 16
 * @param first the lowest window that is wanted, of {@link windowCount}
 * @param windows how many are wanted
 * @param out gets a point for each of them, the lowest first; infinity as in additions.ts
 */
export function multiply(
  degree: usize,
  points: usize,
  scalars: usize,
  chosen: usize,
  n: usize,
  c: usize,
  first: usize,
  windows: usize,
  out: usize,
): void {
  const start = mark();
  const buckets: usize = 1 << (c - 1);
  const sums = places(windows * buckets);
  const recoded = recode(scalars, chosen, n, c);
  begin(degree, allocate(4 * (windows * buckets + 4 * BATCH)));
  for (let w: usize = 0; w < windows; w++) putByDigit(degree, points, recoded, n, c, first + w, sums + 4 * w * buckets);
  finish();
  keep();
  weigh(degree, sums, windows, c, out);
  release(start);
}

/** So many places, all of them empty. */
function places(n: usize): usize {
  const at = allocate(4 * n);
  memory.fill(at, 0, 4 * n);
  return at;
}

/**
 * Scalars plus 2^(c-1) in every window but the last: then a window's bits less 2^(c-1) are its digit, without carries.
 */
function recode(scalars: usize, chosen: usize, n: usize, c: usize): usize {
  const out = allocate(32 * n + 8);
  let k0: u64 = 0;
  let k1: u64 = 0;
  let k2: u64 = 0;
  let k3: u64 = 0;
  for (let w: usize = 0; w < windowCount(c) - 1; w++) {
    const bit: usize = c * w + c - 1;
    const word = (<u64>1) << (bit & 63);
    if (bit < 64) k0 |= word;
    else if (bit < 128) k1 |= word;
    else if (bit < 192) k2 |= word;
    else k3 |= word;
  }
  for (let i: usize = 0; i < n; i++) {
    const scalar = scalars + 32 * (chosen == 0 ? i : <usize>load<u32>(chosen + 4 * i));
    const at = out + 32 * i;
    const w0 = load<u64>(scalar) + k0;
    let carry = <u64>(w0 < k0);
    const s1 = load<u64>(scalar, 8) + carry;
    carry = <u64>(s1 < carry);
    const w1 = s1 + k1;
    carry += <u64>(w1 < k1);
    const s2 = load<u64>(scalar, 16) + carry;
    carry = <u64>(s2 < carry);
    const w2 = s2 + k2;
    carry += <u64>(w2 < k2);
    store<u64>(at, w0);
    store<u64>(at, w1, 8);
    store<u64>(at, w2, 16);
    store<u64>(at, load<u64>(scalar, 24) + k3 + carry, 24);
  }
  store<u64>(out + 32 * n, 0);
  return out;
}

/** Puts points into the buckets of a window, or their negatives; not those with digit 0. */
function putByDigit(degree: usize, points: usize, recoded: usize, n: usize, c: usize, w: usize, buckets: usize): void {
  const bytes: usize = 2 * ELEMENT * degree;
  const bit: usize = c * w;
  const from = recoded + (bit >> 3);
  const shift = <u32>(bit & 7);
  // The next scalar begins at bit 256.
  const mask: i32 = (1 << (<i32>min<usize>(c, 256 - bit))) - 1;
  const offset: i32 = w == windowCount(c) - 1 ? 0 : 1 << (<i32>c - 1);
  let point = points;
  for (let i: usize = 0; i < n; i++, point += bytes) {
    const digit = ((<i32>(load<u32>(from + 32 * i) >>> shift)) & mask) - offset;
    if (digit != 0) put(buckets + 4 * (abs(digit) - 1), (<u32>point) | (<u32>(digit < 0)));
  }
}

/**
 * The weighted sums of all windows' buckets.
 * @param buckets places, window by window
 */
function weigh(degree: usize, buckets: usize, windows: usize, c: usize, out: usize): void {
  const levels: usize = c - 1;
  // Sums of odd places, by window and level.
  const odd = places(windows * levels);
  const halves = allocate(4 * levels);
  let whole = buckets;
  for (let k: usize = 0; k < levels; k++) {
    const half = (windows << (levels - k)) >> 1;
    store<u32>(halves + 4 * k, <u32>whole);
    const sums = places(half);
    for (let i: usize = 0; i < half; i++) {
      putAny(sums + 4 * i, load<u32>(whole + 8 * i));
      putAny(sums + 4 * i, load<u32>(whole + 8 * i, 4));
    }
    finish();
    whole = sums;
  }
  for (let k: usize = 0; k < levels; k++) {
    const size: usize = 1 << (levels - k);
    const level = <usize>load<u32>(halves + 4 * k);
    for (let w: usize = 0; w < windows; w++) {
      for (let j: usize = 1; j < size; j += 2)
        putAny(odd + 4 * (w * levels + k), load<u32>(level + 4 * (w * size + j)));
    }
  }
  finish();
  const totals = places(windows);
  for (let k = levels; k-- > 0;) {
    for (let w: usize = 0; w < windows; w++) putAny(totals + 4 * w, load<u32>(totals + 4 * w));
    finish();
    for (let w: usize = 0; w < windows; w++) putAny(totals + 4 * w, load<u32>(odd + 4 * (w * levels + k)));
    finish();
  }
  for (let w: usize = 0; w < windows; w++) putAny(totals + 4 * w, load<u32>(whole + 4 * w));
  finish();
  for (let w: usize = 0; w < windows; w++) copyPoint(degree, out + 2 * ELEMENT * degree * w, load<u32>(totals + 4 * w));
}

function putAny(place: usize, reference: u32): void {
  if (reference != 0) put(place, reference);
}
