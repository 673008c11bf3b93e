import { FileMalformedError } from "../errors.ts";
import type { Extent, Source } from "../keys/binfile.ts";
import { type HeaderPoints, readZkey, SECTION } from "../keys/zkey.ts";
import { g1, g2 } from "./groups.ts";
import type { Kernels } from "./kernels.ts";
import { type KeyPoints, readPoints } from "./keyPoints.ts";
import { readRows, type Rows } from "./rows.ts";

/** The sums of a proof, by the names of their points in Groth16; those that take longest first. */
export const SUMS = ["b2", "h", "a", "b1", "c"] as const;
export type SumName = (typeof SUMS)[number];

/** A circuit's sizes, the points in the header of its `.zkey`, and where everything else lies. */
export interface KeyHead {
  readonly signals: number;
  readonly publicSignals: number;
  readonly domainSize: number;
  /** As in the `.zkey`, hexadecimal. */
  readonly points: Readonly<Record<keyof HeaderPoints, string>>;
  readonly rows: Extents<Rows>;
  readonly sums: Readonly<Record<SumName, Extents<KeyPoints>>>;
}

type Extents<T> = Readonly<Record<keyof T, Extent>>;

/** A proving key in the form that the kernels take, in memory that threads share and that is never changed. */
export interface CircuitKey {
  readonly head: KeyHead;
  readonly data: SharedArrayBuffer;
}

/** Every part of a key begins at a multiple of this, and so of its elements' size. */
export const ALIGNMENT = 16;

/**
 * Brings a `.zkey` to the kernels' form. Its sections are read in pieces.
 *
 * @throws FileMalformedError
 */
export function prepareKey(kernels: Kernels, source: Source, file: string): CircuitKey {
  const { header, section } = readZkey(source, file);
  const { signals, publicSignals, domainSize, ...points } = header;
  if (!Number.isInteger(Math.log2(domainSize)) || domainSize < 2)
    throw new FileMalformedError(file, "zkey", `a domain of ${domainSize} points`);
  const rows = readRows(section(SECTION.coefficients), { signals, domainSize }, file);
  const sums = mapValues(recordOf(SUMS), (name) => {
    const points = section(SECTION[name]);
    return name === "b2" ? readPoints(kernels, g2, points) : readPoints(kernels, g1, points);
  });

  const parts: [Uint8Array, Extent][] = [];
  let length = 0;
  const place = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Extent => {
    const extent = { at: length, length: byteLength };
    parts.push([new Uint8Array(buffer, byteOffset, byteLength), extent]);
    length += ALIGNMENT * Math.ceil(byteLength / ALIGNMENT);
    return extent;
  };
  const head: KeyHead = {
    signals,
    publicSignals,
    domainSize,
    points: mapValues(points, (bytes) => Buffer.from(bytes).toString("hex")),
    rows: mapValues(rows, place),
    sums: mapValues(sums, (sum) => mapValues(sum, place)),
  };
  const data = new SharedArrayBuffer(length);
  for (const [bytes, { at }] of parts) new Uint8Array(data).set(bytes, at);
  return { head, data };
}

export function rowsOf({ head: { rows }, data }: CircuitKey): Rows {
  return {
    starts: words(data, rows.starts),
    entries: words(data, rows.entries),
    coefficients: new Float64Array(data, rows.coefficients.at, rows.coefficients.length / 8),
  };
}

export function pointsOf({ head: { sums }, data }: CircuitKey, sum: SumName): KeyPoints {
  const { points, places, terms } = sums[sum];
  return {
    points: new Uint8Array(data, points.at, points.length),
    places: words(data, places),
    terms: words(data, terms),
  };
}

function words(data: SharedArrayBuffer, { at, length }: Extent): Uint32Array {
  return new Uint32Array(data, at, length / 4);
}

function mapValues<K extends string, V, R>(record: Readonly<Record<K, V>>, of: (value: V) => R): Record<K, R> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, of(value)])) as Record<K, R>;
}

function recordOf<K extends string>(keys: readonly K[]): Record<K, K> {
  return Object.fromEntries(keys.map((key) => [key, key])) as Record<K, K>;
}
