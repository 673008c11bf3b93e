import { expect } from "chai";
import {
  elementsPerBase,
  FIELD,
  MalformedError,
  NO_TRANSFER,
  operationElements,
  OutOfRangeError,
  packWords,
  type Profile,
  PROFILES,
  SUBGROUP_ORDER,
  type TransferElements,
  transferElements,
  unpackTransferElements,
  unpackWords,
} from "../../src/protocol/index.ts";

const profile: Profile = {
  name: "test",
  arity: 2,
  levels: 2,
  accountDepth: 4,
  transfersPerBase: 4,
  operationsPerBase: 6,
};
const FULL = (1n << 80n) - 1n;
const LAST: TransferElements = { packed: FULL, r8y: FIELD - 1n, s: SUBGROUP_ORDER - 1n };

describe("words", () => {
  it("have three transfers each, the first highest", () => {
    expect(packWords(profile, [1n, 2n, 3n, 4n])).to.deep.equal([(1n << 160n) | (2n << 80n) | 3n, 4n << 160n]);
    expect(packWords(profile, [])).to.deep.equal([0n, 0n]);
    expect(unpackWords(profile, packWords(profile, [FULL, 0n, FULL, 5n]))).to.deep.equal([FULL, 0n, FULL, 5n]);
  });

  it("refuse too many transfers, too large ones, and used places that are never proven", () => {
    expect(() => packWords(profile, [1n, 2n, 3n, 4n, 5n])).to.throw(
      MalformedError,
      "count of transfers is 5, expected at most 4",
    );
    expect(() => packWords(profile, [FULL + 1n])).to.throw("packed transfer");
    expect(() => unpackWords(profile, [0n, 1n])).to.throw(MalformedError, "unused place of a word");
    expect(() => unpackWords(profile, [0n])).to.throw(MalformedError, "count of words is 1, expected 2");
    expect(() => unpackWords(profile, [1n << 240n, 0n])).to.throw("word is");
  });
});

describe("elements", () => {
  it("are as many as the larger kind of base node has", () => {
    expect(elementsPerBase(profile)).to.equal(12);
    expect(elementsPerBase({ transfersPerBase: 4, operationsPerBase: 1 })).to.equal(10);
    expect(elementsPerBase({ transfersPerBase: 128, operationsPerBase: 16 })).to.equal(299);
    expect(Object.values(PROFILES).map(elementsPerBase)).to.deep.equal([5, 3, 7, 150]);
  });

  it("of transfers: words, then R8.y and S of every place, then zeros", () => {
    const transfers = [{ packed: 1n, r8y: 2n, s: 3n }, NO_TRANSFER, LAST];
    const elements = transferElements(profile, transfers);
    const words = packWords(profile, [1n, 0n, FULL, 0n]);
    expect(elements).to.deep.equal([...words, 2n, 3n, 0n, 0n, FIELD - 1n, SUBGROUP_ORDER - 1n, 0n, 0n, 0n, 0n]);
    expect(unpackTransferElements(profile, elements)).to.deep.equal([...transfers, NO_TRANSFER]);
  });

  it("of operations: two words for every place, then zeros", () => {
    const small = { transfersPerBase: 2, operationsPerBase: 2 };
    expect(operationElements(small, [[1n, 2n]])).to.deep.equal([1n, 2n, 0n, 0n, 0n]);
    expect(operationElements(small, [])).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
    const three = [1n, 2n, 3n].map((word) => [word, 0n] as const);
    expect(() => operationElements(small, three)).to.throw(
      MalformedError,
      "count of operations is 3, expected at most 2",
    );
    expect(() => operationElements(small, [[1n, 1n << 240n]])).to.throw(OutOfRangeError, "word is");
  });

  describe("that no circuit proves have no decoding and no encoding", () => {
    const honest = transferElements(profile, [LAST]);
    const changed = (at: number, value: bigint): bigint[] => honest.with(at, value);

    it("a signature of no transfer", () => {
      for (const at of [4, 5]) {
        expect(() => unpackTransferElements(profile, changed(at, 1n))).to.throw(
          MalformedError,
          "signature at place 1 is non-zero, expected 0, as there is no transfer",
        );
      }
      expect(() => transferElements(profile, [{ ...NO_TRANSFER, s: 1n }])).to.throw(MalformedError);
    });

    it("R8.y + p and S + l", () => {
      expect(() => unpackTransferElements(profile, changed(2, FIELD))).to.throw(OutOfRangeError, "R8.y at place 0");
      expect(() => unpackTransferElements(profile, changed(3, SUBGROUP_ORDER))).to.throw(
        OutOfRangeError,
        "S at place 0",
      );
      expect(() => transferElements(profile, [{ ...LAST, r8y: FIELD }])).to.throw(OutOfRangeError);
      expect(() => transferElements(profile, [{ ...LAST, s: SUBGROUP_ORDER }])).to.throw(OutOfRangeError);
    });

    it("padding that is not 0, and other lengths", () => {
      for (const at of [10, 11]) {
        expect(() => unpackTransferElements(profile, changed(at, 7n))).to.throw(
          MalformedError,
          `element ${at} of a base node is not 0, expected 0: it is padding`,
        );
      }
      for (const elements of [honest.slice(1), [...honest, 0n]])
        expect(() => unpackTransferElements(profile, elements)).to.throw(MalformedError);
    });

    it("a word of more than 240 bits, or with a transfer behind the last place", () => {
      expect(() => unpackTransferElements(profile, changed(0, 1n << 240n))).to.throw(OutOfRangeError, "word is");
      expect(() => unpackTransferElements(profile, changed(1, 1n))).to.throw(MalformedError, "unused place of a word");
    });
  });
});
