import { FileMalformedError } from "../errors.ts";

/** The sections of an iden3 binary file (`r1cs`, `zkey`, `ptau`) by their number. Each occurs once. */
export type Sections = ReadonlyMap<number, Uint8Array>;

const HEADER_SIZE = 12;
const SECTION_HEADER_SIZE = 12;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Splits a file into its sections without copying them.
 *
 * @throws FileMalformedError when the type is another one, or a section is repeated or leaves the file.
 */
export function readSections(bytes: Uint8Array, type: string, file: string): Sections {
  const fail = (reason: string): never => {
    throw new FileMalformedError(file, type, reason);
  };
  if (bytes.length < HEADER_SIZE) fail(`${bytes.length} bytes, shorter than a header`);
  const found = Buffer.from(bytes.subarray(0, 4)).toString("latin1");
  if (found !== type) fail(`it begins with ${JSON.stringify(found)}`);

  const view = viewOf(bytes);
  const sections = new Map<number, Uint8Array>();
  let at = HEADER_SIZE;
  for (let left = view.getUint32(8, true); left > 0; left--) {
    if (at + SECTION_HEADER_SIZE > bytes.length) fail("a section header is cut off");
    const id = view.getUint32(at, true);
    const size = Number(view.getBigUint64(at + 4, true));
    at += SECTION_HEADER_SIZE;
    if (at + size > bytes.length) fail(`section ${id} has ${bytes.length - at} of its ${size} bytes`);
    if (sections.has(id)) fail(`section ${id} is repeated`);
    sections.set(id, bytes.subarray(at, at + size));
    at += size;
  }
  if (at !== bytes.length) fail(`${bytes.length - at} bytes follow the last section`);
  return sections;
}

/** @throws FileMalformedError when the section is missing or its size is another one than `size`. */
export function sectionOf(sections: Sections, id: number, type: string, file: string, size?: number): Uint8Array {
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
