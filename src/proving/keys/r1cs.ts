import { FIELD } from "../../protocol/field.ts";
import { FileMalformedError } from "../errors.ts";
import { parseR1csHeader } from "../r1cs.ts";
import { readSections, sectionOf, viewOf } from "./binfile.ts";
import { readLE256 } from "./bytes.ts";

const HEADER_BYTES = 64;
const SECTION_HEADER = 1;
const SECTION_CONSTRAINTS = 2;
const FIELD_BYTES = 32;
const TERM_BYTES = 4 + FIELD_BYTES;

/** A circuit as rank-1 constraints `A w * B w = C w`. Signal 0 is the constant one; the public ones follow. */
export interface R1cs {
  readonly signals: number;
  /** Public signals without the constant one. */
  readonly publicSignals: number;
  readonly constraints: number;
  /** Calls back for every coefficient in file order: matrix 0 = A, 1 = B, 2 = C. */
  forEachTerm(visit: (matrix: 0 | 1 | 2, constraint: number, signal: number, value: bigint) => void): void;
}

/**
 * Reads an `.r1cs` file as circom writes it.
 *
 * @throws FileMalformedError when it is not one, or is over another field than BN254's.
 */
export function readR1cs(bytes: Uint8Array, file: string): R1cs {
  const sections = readSections(bytes, "r1cs", file);
  const raw = Buffer.from(sectionOf(sections, SECTION_HEADER, "r1cs", file, HEADER_BYTES));
  const header = raw.readUInt32LE() === FIELD_BYTES ? parseR1csHeader(raw) : undefined;
  if (header?.prime !== FIELD) throw new FileMalformedError(file, "r1cs", "its field is not BN254's scalar field");
  const { wires: signals, constraints } = header;
  const terms = viewOf(sectionOf(sections, SECTION_CONSTRAINTS, "r1cs", file));

  return {
    signals,
    publicSignals: header.publicOutputs + header.publicInputs,
    constraints,
    forEachTerm(visit) {
      const misfit = (): FileMalformedError =>
        new FileMalformedError(file, "r1cs", `its ${constraints} constraints do not fit their section`);
      let at = 0;
      for (let constraint = 0; constraint < constraints; constraint++) {
        for (const matrix of [0, 1, 2] as const) {
          if (at + 4 > terms.byteLength) throw misfit();
          const end = at + 4 + terms.getUint32(at, true) * TERM_BYTES;
          if (end > terms.byteLength) throw misfit();
          for (at += 4; at < end; at += TERM_BYTES) {
            const signal = terms.getUint32(at, true);
            if (signal >= signals)
              throw new FileMalformedError(
                file,
                "r1cs",
                `constraint ${constraint} names signal ${signal} of ${signals}`,
              );
            visit(matrix, constraint, signal, readLE256(terms, at + 4));
          }
        }
      }
      if (at !== terms.byteLength) throw misfit();
    },
  };
}
