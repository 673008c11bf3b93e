import { FileMalformedError } from "../errors.ts";
import { viewOf } from "../keys/binfile.ts";
import type { Kernels } from "./kernels.ts";

/** A coefficient of A or B in a `.zkey`: matrix, row, wire, value. */
const ENTRY_BYTES = 44;
const ENTRIES_AT = 4;
/** Entries that are taken from a file at a time. */
const CHUNK = 16_384;

/** The rows of A, then those of B: addresses. */
export interface Rows {
  /** Where each row starts among the entries, and where the last one ends. */
  readonly rows: number;
  readonly entries: number;
}

export interface RowSizes {
  readonly signals: number;
  readonly domainSize: number;
  /** Elements, one for each signal. */
  readonly witness: number;
  readonly file: string;
}

/**
 * Brings the coefficients of a `.zkey` to the kernels' memory.
 *
 * @throws FileMalformedError
 */
export function placeRows(kernels: Kernels, file: Uint8Array, sizes: RowSizes): Rows {
  const { functions } = kernels;
  const { domainSize, witness } = sizes;
  assertEntries(file, sizes);
  const chunk = functions.allocate(CHUNK * ENTRY_BYTES);
  const forEachChunk = (use: (entries: number) => void): void => {
    for (let at = ENTRIES_AT; at < file.length; at += CHUNK * ENTRY_BYTES) {
      const bytes = file.subarray(at, at + CHUNK * ENTRY_BYTES);
      kernels.bytes(chunk, bytes.length).set(bytes);
      use(bytes.length / ENTRY_BYTES);
    }
  };
  const rowsBytes = 4 * (2 * domainSize + 1);
  const rows = kernels.clear(rowsBytes);
  const ends = functions.allocate(rowsBytes);
  forEachChunk((n) => functions.countEntries(rows, domainSize, chunk, n));
  const entries = kernels.clear(8 * functions.placeRows(rows, 2 * domainSize));
  kernels.bytes(ends, rowsBytes).set(kernels.bytes(rows, rowsBytes));
  forEachChunk((n) => functions.addEntries(ends, entries, witness, domainSize, chunk, n));
  return { rows, entries };
}

/** The kernels check no address. */
function assertEntries(bytes: Uint8Array, { signals, domainSize, file }: RowSizes): void {
  const fail = (reason: string): never => {
    throw new FileMalformedError(file, "zkey", reason);
  };
  const view = viewOf(bytes);
  const count = bytes.length < ENTRIES_AT ? 0 : view.getUint32(0, true);
  if (bytes.length !== ENTRIES_AT + count * ENTRY_BYTES)
    fail(`${bytes.length} bytes of coefficients, expected ${ENTRIES_AT + count * ENTRY_BYTES}`);
  for (let at = ENTRIES_AT; at < bytes.length; at += ENTRY_BYTES) {
    const [matrix, row, wire] = [0, 4, 8].map((i) => view.getUint32(at + i, true)) as [number, number, number];
    if (matrix > 1 || row >= domainSize || wire >= signals)
      fail(`a coefficient of matrix ${matrix} at (${row}, ${wire})`);
  }
}
