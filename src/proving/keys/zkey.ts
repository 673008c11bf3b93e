import { BASE_FIELD, FIELD } from "../../protocol/field.ts";
import { FileMalformedError } from "../errors.ts";
import { type Extent, findSections, sectionOf, type Source, viewOf } from "./binfile.ts";
import { readLE256, writeLE256 } from "./bytes.ts";

export const G1_BYTES = 64;
export const G2_BYTES = 128;

/** The sections of a Groth16 `.zkey`, as snarkjs numbers them. */
export const SECTION = {
  protocol: 1,
  header: 2,
  ic: 3,
  coefficients: 4,
  a: 5,
  b1: 6,
  b2: 7,
  c: 8,
  h: 9,
  contributions: 10,
} as const;

const PROTOCOL_GROTH16 = 1;
const FIELD_BYTES = 32;

/** The points of the header, in the order and layout of the file (affine, Montgomery, little-endian). */
const HEADER_POINTS = [
  ["alpha1", G1_BYTES],
  ["beta1", G1_BYTES],
  ["beta2", G2_BYTES],
  ["gamma2", G2_BYTES],
  ["delta1", G1_BYTES],
  ["delta2", G2_BYTES],
] as const;

const SIZES_AT = 2 * (4 + FIELD_BYTES);
const POINTS_AT = SIZES_AT + 12;
const HEADER_BYTES = POINTS_AT + HEADER_POINTS.reduce((sum, [, size]) => sum + size, 0);

export type HeaderPoints = Readonly<Record<(typeof HEADER_POINTS)[number][0], Uint8Array>>;

export interface ZkeyHeader extends HeaderPoints {
  readonly signals: number;
  readonly publicSignals: number;
  readonly domainSize: number;
}

export function writeProtocol(): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(PROTOCOL_GROTH16);
  return bytes;
}

export function writeHeader(header: ZkeyHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = viewOf(bytes);
  [BASE_FIELD, FIELD].forEach((prime, i) => {
    view.setUint32(i * (4 + FIELD_BYTES), FIELD_BYTES, true);
    writeLE256(view, i * (4 + FIELD_BYTES) + 4, prime);
  });
  [header.signals, header.publicSignals, header.domainSize].forEach((size, i) =>
    view.setUint32(SIZES_AT + 4 * i, size, true),
  );
  let at = POINTS_AT;
  for (const [name, size] of HEADER_POINTS) {
    bytes.set(header[name], at);
    at += size;
  }
  return bytes;
}

/** A proving key whose large sections are read in pieces. */
export interface Zkey {
  readonly header: ZkeyHeader;
  /** A section, all of it present. */
  readonly section: (id: (typeof SECTION)[keyof typeof SECTION]) => Source;
}

/**
 * Reads the header of a Groth16 key over BN254 and checks that every section has the size that it calls for.
 *
 * @throws FileMalformedError
 */
export function readZkey(source: Source, file: string): Zkey {
  const sections = findSections(source, "zkey", file);
  const extent = (id: number, size?: number): Extent => sectionOf(sections, id, "zkey", file, size);
  const section = (id: number): Source => {
    const { at, length } = extent(id);
    return { length, read: (from, bytes) => source.read(at + from, Math.min(bytes, length - from)) };
  };

  const read = (id: number, size: number): Uint8Array => source.read(extent(id, size).at, size);
  const protocol = viewOf(read(SECTION.protocol, 4)).getUint32(0, true);
  if (protocol !== PROTOCOL_GROTH16)
    throw new FileMalformedError(file, "zkey", `protocol ${protocol}, expected ${PROTOCOL_GROTH16} (Groth16)`);
  const raw = read(SECTION.header, HEADER_BYTES);
  const view = viewOf(raw);
  if (readLE256(view, 4) !== BASE_FIELD || readLE256(view, 8 + FIELD_BYTES) !== FIELD) {
    throw new FileMalformedError(file, "zkey", "its curve is not BN254");
  }

  const [signals, publicSignals, domainSize] = [0, 4, 8].map((i) => view.getUint32(SIZES_AT + i, true)) as [
    number,
    number,
    number,
  ];
  let at = POINTS_AT;
  const points = Object.fromEntries(
    HEADER_POINTS.map(([name, size]) => [name, raw.subarray(at, (at += size))]),
  ) as unknown as HeaderPoints;

  extent(SECTION.ic, (publicSignals + 1) * G1_BYTES);
  extent(SECTION.a, signals * G1_BYTES);
  extent(SECTION.b1, signals * G1_BYTES);
  extent(SECTION.b2, signals * G2_BYTES);
  extent(SECTION.c, (signals - publicSignals - 1) * G1_BYTES);
  extent(SECTION.h, domainSize * G1_BYTES);
  extent(SECTION.coefficients);
  extent(SECTION.contributions);
  return { header: { signals, publicSignals, domainSize, ...points }, section };
}
