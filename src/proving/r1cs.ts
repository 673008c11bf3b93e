import { open } from "node:fs/promises";
import { MalformedError } from "../protocol/errors.ts";

/** Sizes of a constraint system. */
export interface R1csHeader {
  /** Field order. */
  readonly prime: bigint;
  readonly wires: number;
  readonly publicOutputs: number;
  readonly publicInputs: number;
  readonly privateInputs: number;
  readonly constraints: number;
}

const HEADER_SECTION = 1;

/**
 * The header of a compiled circuit, without its constraints.
 * @throws {MalformedError} if the file is not an r1cs file of version 1
 */
export async function readR1csHeader(path: string): Promise<R1csHeader> {
  const file = await open(path);
  try {
    const read = async (position: number, length: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      if (bytesRead !== length) throw new MalformedError("r1cs file", path, "a whole r1cs file");
      return buffer;
    };
    const preamble = await read(0, 12);
    if (preamble.toString("latin1", 0, 4) !== "r1cs" || preamble.readUInt32LE(4) !== 1) {
      throw new MalformedError("r1cs file", path, "an r1cs file of version 1");
    }
    let position = 12;
    for (let left = preamble.readUInt32LE(8); left > 0; left--) {
      const section = await read(position, 12);
      const size = Number(section.readBigUInt64LE(4));
      if (section.readUInt32LE(0) === HEADER_SECTION) return parseR1csHeader(await read(position + 12, size));
      position += 12 + size;
    }
    throw new MalformedError("r1cs file", path, "an r1cs file with a header");
  } finally {
    await file.close();
  }
}

/** Parses a header section's content. */
export function parseR1csHeader(section: Buffer): R1csHeader {
  const fieldBytes = section.readUInt32LE(0);
  const prime = BigInt(
    `0x${Buffer.from(section.subarray(4, 4 + fieldBytes))
      .reverse()
      .toString("hex")}`,
  );
  const at = 4 + fieldBytes;
  return {
    prime,
    wires: section.readUInt32LE(at),
    publicOutputs: section.readUInt32LE(at + 4),
    publicInputs: section.readUInt32LE(at + 8),
    privateInputs: section.readUInt32LE(at + 12),
    constraints: section.readUInt32LE(at + 24),
  };
}
