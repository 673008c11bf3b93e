import { FIELD } from "../../protocol/field.ts";
import { FileMalformedError } from "../errors.ts";
import { type Source, viewOf } from "../keys/binfile.ts";
import { readLE256 } from "../keys/bytes.ts";
import type { Kernels } from "./kernels.ts";
import { inverse, LIMBS, toElement } from "./limbs.ts";

/** A coefficient of A or B in a `.zkey`: matrix, row, wire, and the value times 2^512. */
const FILE_ENTRY_BYTES = 44;
const FILE_ENTRY_WORDS = FILE_ENTRY_BYTES / 4;
const FILE_ENTRIES_AT = 4;
const VALUE_AT = 3;
const VALUE_WORDS = 8;
/** Entries that are taken from a file, or to the kernels, at a time. */
const CHUNK = 16_384;
/** The kernels take so many entries of a row at a time. */
const STEP = 4;
const ENTRY_WORDS = 2;

/** The rows of A, then those of B. */
export interface Rows {
  /** Where each row starts among the entries, and where the last one ends. */
  readonly starts: Uint32Array;
  /** Wire and coefficient, their places. */
  readonly entries: Uint32Array;
  /** Limbs of the different coefficients, times R; the first one is 0. */
  readonly coefficients: Float64Array;
}

export interface RowSizes {
  readonly signals: number;
  readonly domainSize: number;
}

/**
 * Reads the coefficients of a `.zkey`.
 *
 * @throws FileMalformedError
 */
export function readRows(source: Source, { signals, domainSize }: RowSizes, file: string): Rows {
  const fail = (reason: string): never => {
    throw new FileMalformedError(file, "zkey", reason);
  };
  const count = source.length < FILE_ENTRIES_AT ? 0 : viewOf(source.read(0, FILE_ENTRIES_AT)).getUint32(0, true);
  const length = FILE_ENTRIES_AT + count * FILE_ENTRY_BYTES;
  if (source.length !== length) fail(`${source.length} bytes of coefficients, expected ${length}`);
  const forEachEntry = (use: (words: Uint32Array, at: number) => void): void => {
    for (let from = FILE_ENTRIES_AT; from < length; from += CHUNK * FILE_ENTRY_BYTES) {
      const words = new Uint32Array(source.read(from, Math.min(CHUNK * FILE_ENTRY_BYTES, length - from)).buffer);
      for (let at = 0; at < words.length; at += FILE_ENTRY_WORDS) use(words, at);
    }
  };

  const starts = new Uint32Array(2 * domainSize + 1);
  forEachEntry((words, at) => {
    const [matrix, row, wire] = [words[at]!, words[at + 1]!, words[at + 2]!];
    if (matrix > 1 || row >= domainSize || wire >= signals)
      fail(`a coefficient of matrix ${matrix} at (${row}, ${wire})`);
    starts[matrix * domainSize + row]!++;
  });
  let start = 0;
  for (const [row, entries] of starts.entries()) {
    starts[row] = start;
    start += STEP * Math.ceil(entries / STEP);
  }
  const ends = starts.slice();
  const entries = new Uint32Array(ENTRY_WORDS * start);
  const coefficients = new Coefficients();
  forEachEntry((words, at) => {
    const row = words[at]! * domainSize + words[at + 1]!;
    const entry = ENTRY_WORDS * ends[row]!++;
    entries[entry] = words[at + 2]!;
    entries[entry + 1] = coefficients.place(words.subarray(at + VALUE_AT, at + VALUE_AT + VALUE_WORDS));
  });
  return { starts, entries, coefficients: coefficients.elements() };
}

const FROM_512 = inverse(1n << 512n, FIELD);

/** The different coefficients of a key: some thousands, again and again. */
class Coefficients {
  readonly #places = new Map<string, number>();
  /** Places by a few bits of the value: the text of a value is made only when it is not the last one seen there. */
  readonly #recent = new Uint32Array(2 ** 16);
  #words = new Uint32Array(VALUE_WORDS * 1024);
  #count = 1;

  place(words: Uint32Array): number {
    const bucket = (words[0]! ^ (words[3]! << 3) ^ words[6]!) & 0xffff;
    const recent = this.#recent[bucket]!;
    if (recent !== 0 && this.#holds(recent, words)) return recent;
    const text = words.join();
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#count++;
      if (this.#words.length < VALUE_WORDS * this.#count) {
        const words = new Uint32Array(2 * this.#words.length);
        words.set(this.#words);
        this.#words = words;
      }
      this.#words.set(words, VALUE_WORDS * place);
      this.#places.set(text, place);
    }
    this.#recent[bucket] = place;
    return place;
  }

  elements(): Float64Array {
    const view = viewOf(new Uint8Array(this.#words.buffer));
    const elements = new Float64Array(LIMBS * this.#count);
    for (let place = 1; place < this.#count; place++)
      elements.set(toElement(readLE256(view, 4 * VALUE_WORDS * place) * FROM_512, FIELD), LIMBS * place);
    return elements;
  }

  #holds(place: number, words: Uint32Array): boolean {
    for (let i = 0; i < VALUE_WORDS; i++) if (this.#words[VALUE_WORDS * place + i] !== words[i]) return false;
    return true;
  }
}

/**
 * Products of the rows of A and of B with the witness.
 *
 * @param wires address of the witness' elements
 * @param out addresses of A's products and of B's, room for an element a row
 */
export function multiplyRows(
  kernels: Kernels,
  { starts, entries, coefficients }: Rows,
  wires: number,
  out: readonly [number, number],
): void {
  const { functions } = kernels;
  const mark = functions.mark();
  const placed = kernels.place(bytesOf(coefficients));
  const rows = (starts.length - 1) / 2;
  const chunk = functions.mark();
  for (const [matrix, address] of out.entries()) {
    const base = matrix * rows;
    for (let first = 0; first < rows;) {
      // At least one row, however long; at most so many that their starts take no more room than their entries.
      const limit = Math.min(rows, first + CHUNK);
      let end = first + 1;
      while (end < limit && starts[base + end + 1]! - starts[base + first]! <= CHUNK) end++;
      const [from, to] = [starts[base + first]!, starts[base + end]!];
      const placedStarts = kernels.place(bytesOf(starts.subarray(base + first, base + end + 1)));
      const placedEntries = kernels.place(bytesOf(entries.subarray(ENTRY_WORDS * from, ENTRY_WORDS * to)));
      functions.multiplyRows(address, rows, first, end, placedStarts, placedEntries, wires, placed);
      functions.release(chunk);
      first = end;
    }
  }
  functions.release(mark);
}

function bytesOf(array: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
