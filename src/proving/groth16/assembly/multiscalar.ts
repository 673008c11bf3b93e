import { copyPoint } from "./points";
import { ELEMENT } from "./lanes";
import { sumLists } from "./lists";
import { allocate, mark, release } from "./memory";

/*
 * Sums of multiples of points, by signed windows (Pippenger).
 *
 * A window of `c` bits has 2^(c-1) buckets: bucket j sums the points whose digit is j + 1, and the negatives of those
 * whose digit is -(j + 1). The weighted sum of buckets S_j comes from halving: with F_0 = S and
 * F_(k+1)[j] = F_k[2j] + F_k[2j+1], the sum of (j + 1) S_j is F_(c-1)[0] + sum of 2^k O_k, where O_k sums the odd
 * places of F_k. All of it is lists of points to be summed, so that additions always come in large batches.
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
  const begin = mark();
  const bytes: usize = 2 * ELEMENT * degree;
  const buckets: usize = 1 << (c - 1);
  const sums = allocate(4 * windows * buckets);
  const bucketSums = allocate(windows * buckets * bytes);
  let stored = bucketSums;
  const recoded = recode(scalars, chosen, n, c);

  const references = allocate(4 * n);
  const starts = allocate(4 * buckets);
  const counts = allocate(4 * buckets);
  const scratch = mark();
  for (let w: usize = 0; w < windows; w++) {
    sortByDigit(bytes, points, recoded, n, c, first + w, references, starts, counts);
    sumLists(degree, references, starts, counts, buckets);
    for (let j: usize = 0; j < buckets; j++) {
      const sum: usize = sums + 4 * (w * buckets + j);
      store<u32>(sum, 0);
      if (load<u32>(counts + 4 * j) == 0) continue;
      copyPoint(degree, stored, load<u32>(references + 4 * load<u32>(starts + 4 * j)));
      store<u32>(sum, <u32>stored);
      stored += bytes;
    }
    release(scratch);
  }
  weigh(degree, sums, windows, c, out);
  release(begin);
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

/** A counting sort of references to points by bucket; points with digit 0 are left out. */
function sortByDigit(
  bytes: usize,
  points: usize,
  recoded: usize,
  n: usize,
  c: usize,
  w: usize,
  references: usize,
  starts: usize,
  counts: usize,
): void {
  const buckets: usize = 1 << (c - 1);
  const bit: usize = c * w;
  const from = recoded + (bit >> 3);
  const shift = <u32>(bit & 7);
  // The next scalar begins at bit 256.
  const mask: i32 = (1 << (<i32>min<usize>(c, 256 - bit))) - 1;
  const offset: i32 = w == windowCount(c) - 1 ? 0 : 1 << (<i32>c - 1);
  memory.fill(counts, 0, 4 * buckets);
  for (let i: usize = 0; i < n; i++) {
    const digit = ((<i32>(load<u32>(from + 32 * i) >>> shift)) & mask) - offset;
    if (digit == 0) continue;
    const count: usize = counts + 4 * (abs(digit) - 1);
    store<u32>(count, load<u32>(count) + 1);
  }
  let start: u32 = 0;
  for (let j: usize = 0; j < buckets; j++) {
    store<u32>(starts + 4 * j, start);
    start += load<u32>(counts + 4 * j);
    store<u32>(counts + 4 * j, 0);
  }
  let point = points;
  for (let i: usize = 0; i < n; i++, point += bytes) {
    const digit = ((<i32>(load<u32>(from + 32 * i) >>> shift)) & mask) - offset;
    if (digit == 0) continue;
    const j: usize = 4 * (abs(digit) - 1);
    const count = load<u32>(counts + j);
    store<u32>(references + 4 * (load<u32>(starts + j) + count), (<u32>point) | (<u32>(digit < 0)));
    store<u32>(counts + j, count + 1);
  }
}

/**
 * The weighted sums of all windows' buckets.
 * @param sums references, 0 for infinity, window by window; overwritten
 */
function weigh(degree: usize, sums: usize, windows: usize, c: usize, out: usize): void {
  const levels: usize = c - 1;
  const buckets: usize = 1 << levels;
  // Lists of odd places, by window and level.
  const odd = allocate(4 * windows * buckets);
  const starts = allocate(4 * windows * levels);
  const counts = allocate(4 * windows * levels);
  let start: usize = 0;
  for (let k: usize = 0; k < levels; k++) {
    const size = buckets >> k;
    for (let w: usize = 0; w < windows; w++) {
      let count: usize = 0;
      for (let j: usize = 1; j < size; j += 2) {
        const reference = load<u32>(sums + 4 * (w * size + j));
        if (reference == 0) continue;
        store<u32>(odd + 4 * (start + count), reference);
        count++;
      }
      store<u32>(starts + 4 * (w * levels + k), <u32>start);
      store<u32>(counts + 4 * (w * levels + k), <u32>count);
      start += count;
    }
    addPairs(degree, sums, sums, (windows * size) >> 1);
  }
  sumLists(degree, odd, starts, counts, windows * levels);

  const pairs = allocate(8 * windows);
  const totals = allocate(4 * windows);
  memory.fill(totals, 0, 4 * windows);
  for (let k = levels; k-- > 0;) {
    for (let w: usize = 0; w < windows; w++) setPair(pairs, w, load<u32>(totals + 4 * w), load<u32>(totals + 4 * w));
    addPairs(degree, totals, pairs, windows);
    for (let w: usize = 0; w < windows; w++) {
      const list: usize = 4 * (w * levels + k);
      const some = load<u32>(counts + list) > 0;
      const sum = some ? load<u32>(odd + 4 * load<u32>(starts + list)) : 0;
      setPair(pairs, w, load<u32>(totals + 4 * w), sum);
    }
    addPairs(degree, totals, pairs, windows);
  }
  for (let w: usize = 0; w < windows; w++) setPair(pairs, w, load<u32>(totals + 4 * w), load<u32>(sums + 4 * w));
  addPairs(degree, totals, pairs, windows);
  for (let w: usize = 0; w < windows; w++) copyPoint(degree, out + 2 * ELEMENT * degree * w, load<u32>(totals + 4 * w));
}

function setPair(pairs: usize, w: usize, first: u32, second: u32): void {
  store<u32>(pairs + 8 * w, first);
  store<u32>(pairs + 8 * w, second, 4);
}

/** `out[i] = pairs[2i] + pairs[2i+1]` for references, 0 for infinity; `out` may be `pairs`. */
function addPairs(degree: usize, out: usize, pairs: usize, n: usize): void {
  const references = allocate(8 * n);
  const starts = allocate(4 * n);
  const counts = allocate(4 * n);
  for (let i: usize = 0; i < n; i++) {
    const first = load<u32>(pairs + 8 * i);
    const second = load<u32>(pairs + 8 * i, 4);
    store<u32>(references + 8 * i, first == 0 ? second : first);
    store<u32>(references + 8 * i, second, 4);
    store<u32>(starts + 4 * i, <u32>(2 * i));
    store<u32>(counts + 4 * i, <u32>(first != 0) + <u32>(second != 0));
  }
  sumLists(degree, references, starts, counts, n);
  for (let i: usize = 0; i < n; i++)
    store<u32>(out + 4 * i, load<u32>(counts + 4 * i) > 0 ? load<u32>(references + 8 * i) : 0);
}
