import { bls12_381 } from "@noble/curves/bls12-381.js";
import { expect } from "chai";
import { BLOB_FIELD, blobPower, evaluate, OutOfRangeError, toLimbs } from "../../src/protocol/index.ts";

describe("the field of blobs", () => {
  it("is that of BLS12-381's scalars", () => {
    expect(BLOB_FIELD).to.equal(bls12_381.fields.Fr.ORDER);
  });

  it("has one decomposition into limbs of 86, 86 and 83 bits", () => {
    const low = (1n << 86n) - 1n;
    expect(toLimbs(0n)).to.deep.equal([0n, 0n, 0n]);
    expect(toLimbs((1n << 172n) - 1n)).to.deep.equal([low, low, 0n]);
    expect(toLimbs(1n << 86n)).to.deep.equal([0n, 1n, 0n]);
    expect(toLimbs(1n << 172n)).to.deep.equal([0n, 0n, 1n]);
    const [a, b, c] = toLimbs(BLOB_FIELD - 1n);
    expect(a + (b << 86n) + (c << 172n)).to.equal(BLOB_FIELD - 1n);
    expect(c < 1n << 83n).to.equal(true);
    expect(() => toLimbs(BLOB_FIELD, "dataEval")).to.throw(OutOfRangeError, "dataEval");
    expect(() => toLimbs(-1n)).to.throw(OutOfRangeError, "blob element");
  });

  it("evaluates polynomials, unchanged by zeros at the end", () => {
    const z = BLOB_FIELD - 3n;
    expect(evaluate([5n, 7n, 11n], z)).to.equal(5n - 21n + 99n);
    expect(evaluate([5n, 7n, 11n, 0n], z)).to.equal(83n);
    expect(evaluate([], z)).to.equal(0n);
    expect(evaluate([0n, 1n], z)).to.equal(z);
  });

  it("has powers", () => {
    expect([0, 1, 2, 3, 10].map((n) => blobPower(3n, n))).to.deep.equal([1n, 3n, 9n, 27n, 59_049n]);
    const z = BLOB_FIELD - 2n;
    for (const n of [5, 299, 4_096]) expect(blobPower(z, n)).to.equal(evaluate([...Array<bigint>(n).fill(0n), 1n], z));
  });
});
