import { FROM_512, mul, mulSum, reduce } from "./fr";
import { add, ELEMENT, gather, PAIR, scatter, swap, unpack } from "./lanes";
import { allocate } from "./memory";

/*
 * The rows of the matrices A and B, and their products with a witness.
 *
 * An entry is two addresses: of a wire's value and of a coefficient, which are the same few ones over and over. Rows
 * are filled up to multiples of four entries with address 0, where there are zeros.
 */

/** An entry in a `.zkey`: matrix, row, wire, and the coefficient times 2^512. */
const FILE: usize = 44;

const INTERNED: usize = 1 << 16;
const slots: usize = allocate(4 * 2 * INTERNED);

let filled: usize = 0;
const X: usize = memory.data(80, 16);
const A: usize = memory.data(80, 16);
const B: usize = memory.data(80, 16);
const C: usize = memory.data(80, 16);
const E: usize = memory.data(80, 16);
const SUM: usize = memory.data(80, 16);

/** @param counts one for each row: all of A, then all of B */
export function countEntries(counts: usize, rows: usize, file: usize, n: usize): void {
  for (let i: usize = 0; i < n; i++) {
    const entry = file + FILE * i;
    const count: usize = counts + 4 * (<usize>load<u32>(entry) * rows + load<u32>(entry, 4));
    store<u32>(count, load<u32>(count) + 1);
  }
}

/** Counts become where the rows start, in entries; there is one more, the end. Returns that. */
export function placeRows(counts: usize, rows: usize): usize {
  let start: u32 = 0;
  for (let i: usize = 0; i < rows; i++) {
    const count = load<u32>(counts + 4 * i);
    store<u32>(counts + 4 * i, start);
    start += (count + 3) & ~3;
  }
  store<u32>(counts + 4 * rows, start);
  memory.fill(slots, 0, 4 * 2 * INTERNED);
  filled = 0;
  return start;
}

/**
 * @param ends of the rows, as far as they have been filled: their starts, at first
 * @param entries zeros, at first
 * @param witness elements
 */
export function addEntries(ends: usize, entries: usize, witness: usize, rows: usize, file: usize, n: usize): void {
  for (let i: usize = 0; i < n; i++) {
    const from = file + FILE * i;
    const end: usize = ends + 4 * (<usize>load<u32>(from) * rows + load<u32>(from, 4));
    const entry = entries + 8 * load<u32>(end);
    store<u32>(end, load<u32>(end) + 1);
    store<u32>(entry, <u32>witness + 40 * load<u32>(from, 8));
    store<u32>(entry, <u32>intern(from + 12), 4);
  }
}

/** The address of a coefficient: the same one for the same bytes, as long as there are not too many. */
function intern(bytes: usize): usize {
  const hash = (load<u64>(bytes) ^ (load<u64>(bytes, 8) << 1) ^ load<u64>(bytes, 24)) * 0x9e3779b97f4a7c15;
  let slot = <usize>(hash >> 47);
  for (;;) {
    const known = <usize>load<u32>(slots + 4 * slot);
    if (known == 0) break;
    if (
      load<u64>(known, 40) == load<u64>(bytes) &&
      load<u64>(known, 48) == load<u64>(bytes, 8) &&
      load<u64>(known, 56) == load<u64>(bytes, 16) &&
      load<u64>(known, 64) == load<u64>(bytes, 24)
    )
      return known;
    slot = (slot + 1) & (2 * INTERNED - 1);
  }
  const many = filled == INTERNED;
  const coefficient = allocate(many ? ELEMENT : ELEMENT + 32);
  unpack(X, 16, bytes);
  unpack(X + 8, 16, bytes);
  mul(X, X, FROM_512);
  reduce(X, X);
  scatter(coefficient, coefficient, X);
  if (many) return coefficient;
  memory.copy(coefficient + ELEMENT, bytes, 32);
  store<u32>(slots + 4 * slot, <u32>coefficient);
  filled++;
  return coefficient;
}

/** Canonical numbers of 32 bytes to elements that are not times R. */
export function unpackAll(out: usize, bytes: usize, n: usize): void {
  for (let i: usize = 0; i < n; i++) unpack(out + ELEMENT * i, 8, bytes + 32 * i);
}

/**
 * Sums of the rows' entries, coefficient times wire.
 * @param starts of the rows, and their end
 * @param out pairs, as in transform.ts
 */
export function multiplyRows(out: usize, starts: usize, entries: usize, rows: usize): void {
  const half = rows >> 1;
  for (let row: usize = 0; row < rows; row++) {
    let entry = entries + 8 * load<u32>(starts + 4 * row);
    const end = entries + 8 * load<u32>(starts + 4 * (row + 1));
    const to = row < half ? out + PAIR * row : out + PAIR * (row - half) + 8;
    memory.fill(SUM, 0, PAIR);
    for (; entry < end; entry += 32) {
      gather(A, load<u32>(entry), load<u32>(entry, 8));
      gather(B, load<u32>(entry, 4), load<u32>(entry, 12));
      gather(C, load<u32>(entry, 16), load<u32>(entry, 24));
      gather(E, load<u32>(entry, 20), load<u32>(entry, 28));
      mulSum(X, A, B, C, E);
      add(SUM, SUM, X);
      reduce(SUM, SUM);
    }
    swap(X, SUM);
    add(SUM, SUM, X);
    reduce(SUM, SUM);
    for (let i: usize = 0; i < PAIR; i += 16) store<f64>(to + i, load<f64>(SUM + i));
  }
  // Wires are secrets.
  memory.fill(A, 0, PAIR);
  memory.fill(C, 0, PAIR);
}
