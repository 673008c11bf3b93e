import { mulSum, reduce } from "./fr";
import { add, ELEMENT, gather, PAIR, swap, unpack } from "./lanes";

/*
 * The rows of the matrices A and B, and their products with a witness.
 *
 * An entry is the places of a wire and of a coefficient, 32 bits each. Rows are filled up to multiples of four entries
 * with (0, 0): the coefficient at place 0 is 0.
 */

const ENTRY: usize = 8;

const A: usize = memory.data(80, 16);
const B: usize = memory.data(80, 16);
const C: usize = memory.data(80, 16);
const E: usize = memory.data(80, 16);
const X: usize = memory.data(80, 16);
const SUM: usize = memory.data(80, 16);

/** Canonical numbers of 32 bytes to elements that are not times R. */
export function unpackAll(out: usize, bytes: usize, n: usize): void {
  for (let i: usize = 0; i < n; i++) unpack(out + ELEMENT * i, 8, bytes + 32 * i);
}

/**
 * Sums of some rows' entries, coefficient times wire.
 * @param out of all rows, pairs, as in transform.ts
 * @param rows of the matrix
 * @param first row, and `end`, the one behind the last
 * @param starts where each of these rows starts among all entries, and where the last one ends
 * @param entries of these rows
 * @param wires, coefficients elements
 */
export function multiplyRows(
  out: usize,
  rows: usize,
  first: usize,
  end: usize,
  starts: usize,
  entries: usize,
  wires: usize,
  coefficients: usize,
): void {
  const half = rows >> 1;
  let entry = entries;
  for (let row = first; row < end; row++, starts += 4) {
    const rest = entry + ENTRY * (<usize>load<u32>(starts, 4) - <usize>load<u32>(starts));
    const to = row < half ? out + PAIR * row : out + PAIR * (row - half) + 8;
    memory.fill(SUM, 0, PAIR);
    for (; entry < rest; entry += 4 * ENTRY) {
      gather(A, wires + ELEMENT * load<u32>(entry), wires + ELEMENT * load<u32>(entry, 8));
      gather(B, coefficients + ELEMENT * load<u32>(entry, 4), coefficients + ELEMENT * load<u32>(entry, 12));
      gather(C, wires + ELEMENT * load<u32>(entry, 16), wires + ELEMENT * load<u32>(entry, 24));
      gather(E, coefficients + ELEMENT * load<u32>(entry, 20), coefficients + ELEMENT * load<u32>(entry, 28));
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
