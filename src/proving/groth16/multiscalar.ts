import { g1, g2, type Group, type Point } from "./groups.ts";
import type { Kernels } from "./kernels.ts";
import { ELEMENT_BYTES } from "./limbs.ts";

/** Points in the kernels' memory, none of them infinity. */
export interface PlacedPoints<P extends Point<P>> {
  readonly group: Group<P>;
  readonly address: number;
  /** Address of the place that each point has in the file: which scalar it is multiplied by. */
  readonly places: number;
  readonly count: number;
}

/** Points that are taken from a file at a time: less than the file, so that it is not in memory twice. */
const CHUNK = 4096;
const MIN_WINDOW = 2;
const MAX_WINDOW = 16;

/** Brings points of a `.zkey` to the kernels' memory. */
export function placePoints<P extends Point<P>>(kernels: Kernels, group: Group<P>, file: Uint8Array): PlacedPoints<P> {
  const { functions } = kernels;
  const { degree, fileBytes } = group;
  const n = file.length / fileBytes;
  const places = functions.allocate(4 * n);
  const address = functions.allocate(2 * ELEMENT_BYTES * degree * n);
  const mark = functions.mark();
  const chunk = functions.allocate(CHUNK * fileBytes);
  let count = 0;
  for (let first = 0; first < n; first += CHUNK) {
    const bytes = file.subarray(first * fileBytes, (first + CHUNK) * fileBytes);
    kernels.bytes(chunk, bytes.length).set(bytes);
    const out = address + 2 * ELEMENT_BYTES * degree * count;
    count += functions.importPoints(degree, out, places + 4 * count, chunk, first, bytes.length / fileBytes);
  }
  functions.release(mark);
  return { group, address, places, count };
}

/** Gives the kernels the points that fill up vectors: must come before the first sum. */
export function placeFillers(kernels: Kernels): void {
  placeFillersOf(kernels, g1);
  placeFillersOf(kernels, g2);
}

function placeFillersOf<P extends Point<P>>(kernels: Kernels, group: Group<P>): void {
  const { generator, degree } = group;
  const pair = new Uint8Array([...group.encode(generator), ...group.encode(generator.double())]);
  const { address } = placePoints(kernels, group, pair);
  kernels.functions.setFillers(degree, address, address + 2 * ELEMENT_BYTES * degree);
}

/**
 * The sum of the points, each times its scalar.
 *
 * @param scalars address of canonical numbers of 32 bytes, one for each place in the file
 * @param c bits of a window
 */
export function multiplyPoints<P extends Point<P>>(
  kernels: Kernels,
  points: PlacedPoints<P>,
  scalars: number,
  c = windowBits(points.count),
): P {
  const all = { first: 0, windows: kernels.functions.windowCount(c) };
  return joinWindows(points.group, c, sumWindows(kernels, points, scalars, c, all));
}

/** Some of a sum's windows, from the lowest on. */
export interface Windows {
  readonly first: number;
  readonly windows: number;
}

/** The sums of some windows, as canonical coordinates, all zero for infinity. */
export function sumWindows<P extends Point<P>>(
  kernels: Kernels,
  { group, address, places, count }: PlacedPoints<P>,
  scalars: number,
  c: number,
  { first, windows }: Windows,
): Uint8Array {
  const { functions } = kernels;
  const { degree, fileBytes } = group;
  if (count === 0) return new Uint8Array(windows * fileBytes);
  const mark = functions.mark();
  const sums = functions.allocate(windows * 2 * ELEMENT_BYTES * degree);
  const exported = functions.allocate(windows * fileBytes);
  functions.multiply(degree, address, scalars, places, count, c, first, windows, sums);
  for (let w = 0; w < windows; w++)
    functions.exportPoint(degree, exported + w * fileBytes, sums + w * 2 * ELEMENT_BYTES * degree);
  const bytes = kernels.bytes(exported, windows * fileBytes).slice();
  functions.release(mark);
  return bytes;
}

/** The sum that windows of `c` bits make up, the lowest first. */
export function joinWindows<P extends Point<P>>(group: Group<P>, c: number, sums: Uint8Array): P {
  const { fileBytes } = group;
  let sum = group.zero;
  for (let at = sums.length - fileBytes; at >= 0; at -= fileBytes) {
    for (let bit = 0; bit < c; bit++) sum = sum.double();
    sum = sum.add(group.decode(sums.subarray(at, at + fileBytes)));
  }
  return sum;
}

/** The window with the fewest additions: one for each point in each window, two for each bucket. */
export function windowBits(points: number): number {
  const additions = (c: number): number => Math.ceil(255 / c) * (points + 2 ** c);
  let best = MIN_WINDOW;
  for (let c = best + 1; c <= MAX_WINDOW; c++) if (additions(c) < additions(best)) best = c;
  return best;
}
