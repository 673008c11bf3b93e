import { FileMalformedError } from "../errors.ts";

/** The sections of an iden3 binary file (`r1cs`, `zkey`, `ptau`) by their number. Each occurs once. */
export type Sections = ReadonlyMap<number, Uint8Array>;

const HEADER_SIZE = 12;
const SECTION_HEADER_SIZE = 12;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes that are read in pieces: those of a large file need not be in memory at once. */
export interface Source {
  readonly length: number;
  /** A copy of some of them. */
  read(at: number, length: number): Uint8Array<ArrayBuffer>;
}

export function inMemory(bytes: Uint8Array): Source {
  return { length: bytes.length, read: (at, length) => new Uint8Array(bytes.subarray(at, at + length)) };
}

/** Where a section lies. */
export interface Extent {
  readonly at: number;
  readonly length: number;
}

/**
 * Finds the sections of a file.
 *
 * @throws FileMalformedError when the type is another one, or a section is repeated or leaves the file.
 */
export function findSections(source: Source, type: string, file: string): ReadonlyMap<number, Extent> {
  const fail = (reason: string): never => {
    throw new FileMalformedError(file, type, reason);
  };
  if (source.length < HEADER_SIZE) fail(`${source.length} bytes, shorter than a header`);
  const header = source.read(0, HEADER_SIZE);
  const found = Buffer.from(header.subarray(0, 4)).toString("latin1");
  if (found !== type) fail(`it begins with ${JSON.stringify(found)}`);

  const sections = new Map<number, Extent>();
  let at = HEADER_SIZE;
  for (let left = viewOf(header).getUint32(8, true); left > 0; left--) {
    if (at + SECTION_HEADER_SIZE > source.length) fail("a section header is cut off");
    const view = viewOf(source.read(at, SECTION_HEADER_SIZE));
    const id = view.getUint32(0, true);
    const length = Number(view.getBigUint64(4, true));
    at += SECTION_HEADER_SIZE;
    if (at + length > source.length) fail(`section ${id} has ${source.length - at} of its ${length} bytes`);
    if (sections.has(id)) fail(`section ${id} is repeated`);
    sections.set(id, { at, length });
    at += length;
  }
  if (at !== source.length) fail(`${source.length - at} bytes follow the last section`);
  return sections;
}

/**
 * Splits a file into its sections without copying them.
 *
 * @throws FileMalformedError when the type is another one, or a section is repeated or leaves the file.
 */
export function readSections(bytes: Uint8Array, type: string, file: string): Sections {
  const found = findSections(inMemory(bytes), type, file);
  return new Map([...found].map(([id, { at, length }]) => [id, bytes.subarray(at, at + length)]));
}

/** @throws FileMalformedError when the section is missing or its size is another one than `size`. */
export function sectionOf<T extends { readonly length: number }>(
  sections: ReadonlyMap<number, T>,
  id: number,
  type: string,
  file: string,
  size?: number,
): T {
  const section = sections.get(id);
  if (!section) throw new FileMalformedError(file, type, `section ${id} is missing`);
  if (size !== undefined && section.length !== size) {
    throw new FileMalformedError(file, type, `section ${id} has ${section.length} bytes, expected ${size}`);
  }
  return section;
}

/** The file as the pieces to write one after the other, so that large sections are never copied. */
export function writeSections(type: string, version: number, sections: Sections): Uint8Array[] {
  const header = Buffer.alloc(HEADER_SIZE);
  header.write(type, "latin1");
  header.writeUInt32LE(version, 4);
  header.writeUInt32LE(sections.size, 8);
  const pieces: Uint8Array[] = [header];
  for (const [id, section] of sections) {
    const sectionHeader = Buffer.alloc(SECTION_HEADER_SIZE);
    sectionHeader.writeUInt32LE(id);
    sectionHeader.writeBigUInt64LE(BigInt(section.length), 4);
    pieces.push(sectionHeader, section);
  }
  return pieces;
}
