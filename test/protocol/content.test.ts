import { expect } from "chai";
import {
  baseContent,
  BLOB_FIELD,
  blobPower,
  BrokenChainError,
  type Content,
  contentHash,
  decodeProof,
  encodeProof,
  evaluate,
  FIELD,
  hashMany,
  keyOwnershipPublicInputs,
  MalformedError,
  mergeContent,
  OutOfRangeError,
  poseidon,
  rootContent,
  rootInputs,
  TAG,
  tag,
  toLimbs,
} from "../../src/protocol/index.ts";

const Z = 123_456_789n ** 9n;
const EXITS = [1n, 0n];
const ELEMENTS = [
  [1n, 2n, 3n],
  [0n, 0n, FIELD - 1n],
  [4n, 5n, 6n],
  [7n, 0n, 0n],
];
const base = (level: number): Content[] =>
  ELEMENTS.map((elements, i) =>
    baseContent(
      level,
      {
        prevStateRoot: BigInt(10 + i),
        nextStateRoot: BigInt(11 + i),
        elements,
        fees: BigInt(i),
        txCount: BigInt(i % 3),
        l1OpCount: BigInt(2 * i),
        exits: EXITS,
      },
      Z,
    ),
  );

describe("content", () => {
  it("hashes every field", () => {
    const [content] = base(2) as [Content];
    expect(contentHash(content)).to.equal(
      poseidon([
        tag("b52.content"),
        2n,
        10n,
        11n,
        hashMany(TAG.txs, [1n, 2n, 3n]),
        0n,
        0n,
        0n,
        hashMany(TAG.withdrawals, EXITS),
        ...toLimbs((1n + 2n * Z + 3n * Z * Z) % BLOB_FIELD),
        ...toLimbs((Z * Z * Z) % BLOB_FIELD),
        0n,
      ]),
    );
    for (const field of Object.keys(content) as (keyof Content)[]) {
      const changed = { ...content, [field]: field === "level" ? 3 : content[field] + 1n };
      expect(contentHash(changed), field).to.not.equal(contentHash(content));
    }
  });

  it("is canonical: an evaluation of q more has no content", () => {
    const [content] = base(2) as [Content];
    for (const field of ["dataEval", "zPow"] as const) {
      const changed = { ...content, [field]: content[field] + BLOB_FIELD };
      expect(() => contentHash(changed)).to.throw(OutOfRangeError, `${field} is`);
    }
  });

  it("joins children: states chain, sums add up, the elements are evaluated as one", () => {
    const merged = mergeContent(base(2), [1n, 0n, 3n, 4n]);
    expect(merged).to.deep.include({
      level: 1,
      prevStateRoot: 10n,
      nextStateRoot: 14n,
      fees: 6n,
      txCount: 3n,
      l1OpCount: 12n,
      dataEval: evaluate(ELEMENTS.flat(), Z),
      zPow: blobPower(Z, 12),
    });
    expect(merged.proversRoot).to.equal(hashMany(TAG.provers, [1n, 0n, 3n, 4n, 0n, 0n, 0n, 0n]));
    expect(merged.withdrawalsRoot).to.equal(hashMany(TAG.withdrawals, Array(4).fill(hashMany(TAG.withdrawals, EXITS))));
  });

  it("evaluates the same elements over two levels", () => {
    const merges = [base(2).slice(0, 2), base(2).slice(2)].map((pair) => mergeContent(pair, [0n, 0n]));
    const root = rootContent(merges, [7n, 8n], 9n);
    expect(root.dataEval).to.equal(evaluate(ELEMENTS.flat(), Z));
    expect(root.level).to.equal(0);
    expect(root.proversRoot).to.equal(hashMany(TAG.provers, [9n, mergeContent(merges, [7n, 8n]).proversRoot]));
  });

  it("refuses children that are swapped, repeated, of other levels or sizes, or a root over the wrong level", () => {
    const [a, b, c] = base(2) as [Content, Content, Content];
    expect(() => mergeContent([b, a], [0n, 0n])).to.throw(
      BrokenChainError,
      "child 1 has prevStateRoot 10, expected 12",
    );
    expect(() => mergeContent([a, a], [0n, 0n])).to.throw(BrokenChainError);
    expect(() => mergeContent([a, c], [0n, 0n])).to.throw(BrokenChainError);
    expect(() => mergeContent([a, { ...b, level: 1 }], [0n, 0n])).to.throw(
      BrokenChainError,
      "child 1 has level 1, expected 2",
    );
    expect(() => mergeContent([a, { ...b, zPow: 1n }], [0n, 0n])).to.throw(BrokenChainError, "child 1 has zPow 1");
    expect(() => rootContent([a, b], [0n, 0n], 0n)).to.throw(BrokenChainError, "child 0 has level 2, expected 1");
    expect(() => mergeContent([a, b], [0n])).to.throw(MalformedError, "count of child keys is 1, expected 2");
    expect(() => mergeContent([], [])).to.throw(MalformedError);
  });

  it("binds keys to their places", () => {
    expect(mergeContent(base(2), [1n, 2n, 0n, 0n]).proversRoot).to.not.equal(
      mergeContent(base(2), [2n, 1n, 0n, 0n]).proversRoot,
    );
  });
});

describe("public inputs", () => {
  it("y is V at x, and x depends on all of V and C", () => {
    const vector = [1n, 2n, 3n];
    const { x, y, commitment } = rootInputs(vector);
    expect(y).to.equal((1n + 2n * x + 3n * x * x) % FIELD);
    expect(commitment).to.equal(hashMany(TAG.root, vector));
    const xs = vector.map((_, i) => rootInputs(vector.map((value, j) => (i === j ? value + 1n : value))).x);
    expect(new Set([x, ...xs]).size).to.equal(4);
  });

  it("are canonical or refused: value + FIELD is no second name", () => {
    const statement = { key: 1n, owner: 2n, domain: 3n, seed: 4n, beta: 5n };
    expect(keyOwnershipPublicInputs(statement)).to.deep.equal([1n, 2n, 3n, 4n, 5n]);
    expect(() => keyOwnershipPublicInputs({ ...statement, seed: 4n + FIELD })).to.throw(
      OutOfRangeError,
      "public input 3",
    );
  });
});

describe("proof bytes", () => {
  const proof = {
    pi_a: ["1", "2", "1"],
    pi_b: [
      ["3", "4"],
      ["5", "6"],
      ["1", "0"],
    ],
    pi_c: ["7", "8", "1"],
  };

  it("are eight words in the precompile's order", () => {
    const words = [1, 2, 4, 3, 6, 5, 7, 8].map((word) => word.toString(16).padStart(64, "0"));
    expect(encodeProof(proof)).to.equal(`0x${words.join("")}`);
    expect(decodeProof(encodeProof(proof))).to.deep.equal(proof);
  });

  it("refuse other lengths and incomplete proofs", () => {
    expect(() => decodeProof("0x00")).to.throw(MalformedError, "proof length is 1 bytes, expected 256");
    expect(() => encodeProof({ ...proof, pi_c: ["7"] })).to.throw(MalformedError, "proof is incomplete");
  });
});
