import { expect } from "chai";
import {
  BLOB_FIELD,
  blobElements,
  blobEvaluations,
  blockEvaluation,
  blockTxsRoot,
  decodeOperations,
  elementsByBase,
  encodeOperations,
  evaluate,
  hashMany,
  MalformedError,
  mostBlobs,
  OutOfRangeError,
  type PackedOperation,
  type Profile,
  TAG,
} from "../../src/protocol/index.ts";

/** Four base nodes of 4 elements: 1 transfer each, or 2 operations. */
const profile: Profile = {
  name: "test",
  arity: 2,
  levels: 2,
  accountDepth: 4,
  transfersPerBase: 1,
  operationsPerBase: 2,
};

/** 256 base nodes of 150 elements: ten blobs. */
const large: Profile = { ...profile, arity: 16, transfersPerBase: 64, operationsPerBase: 64 };

const OPERATIONS: readonly PackedOperation[] = [
  [1n, 2n],
  [3n, 0n],
  [5n, 6n],
];

describe("data of a block", () => {
  it("have operations in 60 bytes each, back to back", () => {
    const encoded = encodeOperations(OPERATIONS);
    expect(encoded).to.equal(`0x${[1, 2, 3, 0, 5, 6].map((word) => word.toString(16).padStart(60, "0")).join("")}`);
    expect(decodeOperations(encoded)).to.deep.equal(OPERATIONS);
    expect(encodeOperations([])).to.equal("0x");
    expect(decodeOperations("0x")).to.deep.equal([]);
    expect(() => decodeOperations(`${encoded}00`)).to.throw(MalformedError, "operations is 181 bytes");
  });

  it("give base nodes their elements, those of operations first", () => {
    const elements = [7n, 8n, 9n, 0n, 10n];
    const operations = encodeOperations(OPERATIONS);
    const split = [
      [1n, 2n, 3n, 0n],
      [5n, 6n, 0n, 0n],
      [7n, 8n, 9n, 0n],
      [10n, 0n, 0n, 0n],
    ];
    expect(elementsByBase(profile, { operations, elements })).to.deep.equal(split);
    const whole = [...elements, ...Array<bigint>(4_091).fill(0n)];
    expect(elementsByBase(profile, { operations, elements: whole })).to.deep.equal(split);
    expect(blobElements(split.slice(2))).to.deep.equal(elements);
    expect(blobElements([[0n], [0n]])).to.deep.equal([]);
    const [a, b, c, d] = split.map((base) => hashMany(TAG.txs, base)) as [bigint, bigint, bigint, bigint];
    expect(blockTxsRoot(profile, split)).to.equal(
      hashMany(TAG.txs, [hashMany(TAG.txs, [a, b]), hashMany(TAG.txs, [c, d])]),
    );
    expect(() => blockTxsRoot(profile, split.slice(1))).to.throw(MalformedError, "count of base nodes is 3");
  });

  it("refuse what no block has", () => {
    const elements = Array<bigint>(8).fill(0n);
    const operations = encodeOperations(OPERATIONS);
    expect(() => elementsByBase(profile, { operations, elements: [...elements, 0n, 1n] })).to.throw(
      MalformedError,
      "element 9 of the blobs is not 0, expected 0 behind the 8 of a block",
    );
    const tooMany = encodeOperations([...OPERATIONS, ...OPERATIONS, ...OPERATIONS]);
    expect(() => elementsByBase(profile, { operations: tooMany, elements: [] })).to.throw(OutOfRangeError, "l1OpCount");
  });

  it("take as many blobs as base nodes of transfers need", () => {
    expect(mostBlobs(profile, 0)).to.equal(1);
    expect(mostBlobs(profile, 8)).to.equal(0);
    expect(mostBlobs(large, 0)).to.equal(10);
    // 4,096 elements exactly, and one node more.
    const exact = { ...profile, levels: 10 };
    expect([mostBlobs(exact, 0), mostBlobs({ ...exact, levels: 11 }, 2)]).to.deep.equal([1, 2]);
  });

  it("are one polynomial over operations and blobs", () => {
    const z = BLOB_FIELD - 12_345n;
    const elements = Array.from({ length: 9_000 }, (_, i) => BigInt(i) ** 5n);
    const blobs = blobEvaluations(elements, z);
    expect(blobs).to.have.length(3);
    expect(blobs[1]).to.equal(evaluate(elements.slice(4_096, 8_192), z));
    expect(blockEvaluation(large, [], blobs, z)).to.equal(evaluate(elements, z));
    const data = { operations: encodeOperations(OPERATIONS), elements };
    const all = elementsByBase(large, data).flat();
    expect(all.slice(0, 152)).to.deep.equal([1n, 2n, 3n, 0n, 5n, 6n, ...Array<bigint>(144).fill(0n), 0n, 1n]);
    expect(blockEvaluation(large, OPERATIONS, blobs, z)).to.equal(evaluate(all, z));
    expect(blockEvaluation(large, OPERATIONS, [], z)).to.equal(evaluate([1n, 2n, 3n, 0n, 5n, 6n], z));
    expect(blockEvaluation(large, [], [], z)).to.equal(0n);
  });
});
