import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { FIELD } from "../../../src/protocol/field.ts";
import { FileMalformedError } from "../../../src/proving/errors.ts";
import { readSections, writeSections } from "../../../src/proving/keys/binfile.ts";
import { readR1cs } from "../../../src/proving/keys/r1cs.ts";
import { SQUARE_SOURCE, compileTestCircuit, temporaryFolder } from "../../support/testCircuit.ts";

describe("r1cs", () => {
  const folder = temporaryFolder();
  let bytes: Uint8Array;

  before(async () => {
    bytes = await readFile((await compileTestCircuit(folder(), "Square", SQUARE_SOURCE)).r1csPath);
  });

  const read = (file: Uint8Array): void => readR1cs(file, "s.r1cs").forEachTerm(() => undefined);

  /** The file with one section replaced. */
  function edit(section: number, change: (content: Buffer) => Uint8Array): Uint8Array {
    const sections = new Map(readSections(bytes, "r1cs", "s.r1cs"));
    sections.set(section, change(Buffer.from(sections.get(section)!)));
    return Buffer.concat(writeSections("r1cs", 1, sections));
  }

  it("reads what circom wrote: signals 0 = one, 1 = b, 2 = a, and (-a) a = -b", () => {
    const r1cs = readR1cs(bytes, "s.r1cs");
    expect(r1cs).to.include({ signals: 3, publicSignals: 2, constraints: 1 });
    const terms: [number, number, number, bigint][] = [];
    r1cs.forEachTerm((...term) => terms.push(term));
    expect(terms).to.deep.equal([
      [0, 0, 2, FIELD - 1n],
      [1, 0, 2, 1n],
      [2, 0, 1, FIELD - 1n],
    ]);
  });

  for (const [what, file, text] of [
    ["an empty file", () => new Uint8Array(), "0 bytes, shorter than a header"],
    ["another type", () => Buffer.concat([Buffer.from("zkey"), bytes.subarray(4)]), 'it begins with "zkey"'],
    ["a cut-off section", () => bytes.subarray(0, bytes.length - 1), "of its"],
    ["a cut-off section header", () => bytes.subarray(0, 20), "a section header is cut off"],
    ["bytes after the end", () => Buffer.concat([bytes, Buffer.of(0)]), "1 bytes follow the last section"],
    ["a missing section", () => Buffer.concat(writeSections("r1cs", 1, new Map())), "section 1 is missing"],
    ["another field", () => edit(1, (header) => ((header[4]! ^= 1), header)), "its field is not BN254's scalar field"],
    [
      "a field of another width",
      () => edit(1, (header) => ((header[0] = 48), header)),
      "its field is not BN254's scalar field",
    ],
    ["a header of another size", () => edit(1, (header) => header.subarray(1)), "section 1 has 63 bytes, expected 64"],
    [
      "too few constraints",
      () => edit(2, (terms) => terms.subarray(0, terms.length - 36)),
      "its 1 constraints do not fit their section",
    ],
    [
      "too many constraints",
      () => edit(2, (terms) => Buffer.concat([terms, Buffer.alloc(12)])),
      "its 1 constraints do not fit their section",
    ],
    [
      "an unknown signal",
      () => edit(2, (terms) => (terms.writeUInt32LE(3, 4), terms)),
      "constraint 0 names signal 3 of 3",
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => read(file())).to.throw(FileMalformedError, text);
    });
  }
});
