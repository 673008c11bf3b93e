import { FIELD } from "../../protocol/field.ts";
import { FileMalformedError } from "../errors.ts";
import { viewOf } from "../keys/binfile.ts";
import { inverse, rootOfUnity } from "../keys/modular.ts";
import { readZkey, SECTION } from "../keys/zkey.ts";
import { fromFile, type G1, g1, type G2, g2 } from "./groups.ts";
import type { Kernels } from "./kernels.ts";
import { ELEMENT_BYTES, LIMBS, modulo, MONTGOMERY_R, toLimbs } from "./limbs.ts";
import { placeFillers, placePoints, type PlacedPoints } from "./multiscalar.ts";

/** A coefficient of A or B: matrix, row, wire, value. */
const ENTRY_BYTES = 44;
const ENTRIES_AT = 4;
const CHUNK = 16_384;

/** A key in the kernels' memory, ready to prove with. Numbers are addresses where nothing else is said. */
export interface CircuitKey {
  readonly signals: number;
  readonly publicSignals: number;
  readonly domainSize: number;
  readonly alpha1: G1;
  readonly beta1: G1;
  readonly beta2: G2;
  readonly delta1: G1;
  readonly delta2: G2;
  readonly a: PlacedPoints<G1>;
  readonly b1: PlacedPoints<G1>;
  readonly b2: PlacedPoints<G2>;
  readonly c: PlacedPoints<G1>;
  readonly h: PlacedPoints<G1>;
  /** Starts of the rows of A, then of B, and where they end. */
  readonly rows: number;
  readonly entries: number;
  /** Elements, one for each signal, that the entries point to. */
  readonly witness: number;
  readonly roots: number;
  readonly inverseRoots: number;
  /** Powers of the odd coset's shift over the domain's size, in bit-reversed order. */
  readonly coset: number;
}

/**
 * Brings a key to the kernels' memory.
 *
 * @throws FileMalformedError
 */
export function placeKey(kernels: Kernels, zkey: Uint8Array, file: string): CircuitKey {
  const { header, sections } = readZkey(zkey, file);
  const { signals, publicSignals, domainSize } = header;
  const log = Math.log2(domainSize);
  if (!Number.isInteger(log) || log < 1) throw new FileMalformedError(file, "zkey", `a domain of ${domainSize} points`);
  const section = (id: number): Uint8Array => sections.get(id)!;
  placeFillers(kernels, g1);
  placeFillers(kernels, g2);
  const witness = kernels.clear(ELEMENT_BYTES * signals);
  return {
    signals,
    publicSignals,
    domainSize,
    alpha1: fromFile(g1, header.alpha1),
    beta1: fromFile(g1, header.beta1),
    beta2: fromFile(g2, header.beta2),
    delta1: fromFile(g1, header.delta1),
    delta2: fromFile(g2, header.delta2),
    a: placePoints(kernels, g1, section(SECTION.a)),
    b1: placePoints(kernels, g1, section(SECTION.b1)),
    b2: placePoints(kernels, g2, section(SECTION.b2)),
    c: placePoints(kernels, g1, section(SECTION.c)),
    h: placePoints(kernels, g1, section(SECTION.h)),
    witness,
    ...placeDomain(kernels, domainSize, log),
    ...placeRows(kernels, section(SECTION.coefficients), { signals, domainSize, witness, file }),
  };
}

type Domain = Pick<CircuitKey, "roots" | "inverseRoots" | "coset">;

function placeDomain(kernels: Kernels, size: number, log: number): Domain {
  const { functions } = kernels;
  const root = rootOfUnity(log);
  const roots = functions.allocate(ELEMENT_BYTES * size);
  const inverseRoots = functions.allocate(ELEMENT_BYTES * size);
  const coset = functions.allocate(ELEMENT_BYTES * size);
  const mark = functions.mark();
  functions.twiddles(roots, placeElement(kernels, root), size);
  functions.twiddles(inverseRoots, placeElement(kernels, inverse(root)), size);
  const factors = functions.allocate(ELEMENT_BYTES * size);
  const first = placeElement(kernels, inverse(BigInt(size)));
  functions.powers(factors, first, placeElement(kernels, rootOfUnity(log + 1)), size);
  functions.reverse(coset, factors, size);
  functions.release(mark);
  return { roots, inverseRoots, coset };
}

/** An element times R, as multiplications take it. */
function placeElement(kernels: Kernels, value: bigint): number {
  const address = kernels.functions.allocate(ELEMENT_BYTES);
  const number = modulo(value * MONTGOMERY_R, FIELD);
  kernels.doubles(address, LIMBS).set(toLimbs(number > FIELD / 2n ? number - FIELD : number).map(Number));
  return address;
}

interface RowSizes {
  readonly signals: number;
  readonly domainSize: number;
  readonly witness: number;
  readonly file: string;
}

function placeRows(kernels: Kernels, file: Uint8Array, sizes: RowSizes): Pick<CircuitKey, "rows" | "entries"> {
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
