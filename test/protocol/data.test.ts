import { expect } from "chai";
import { concat, keccak256 } from "ethers";
import {
  blockTxsRoot,
  dataChunks,
  dataEval,
  dataHash,
  decodeData,
  encodeData,
  FIELD,
  hashMany,
  MalformedError,
  OutOfRangeError,
  packOperationWords,
  packWords,
  type Profile,
  PROFILES,
  rPow,
  TAG,
  unpackOperationWords,
  unpackWords,
  wordsByBase,
  wordsPerBase,
  wordsPerBlock,
} from "../../src/protocol/index.ts";

const profile: Profile = {
  name: "test",
  arity: 2,
  levels: 2,
  accountDepth: 4,
  transfersPerBase: 4,
  operationsPerBase: 2,
};
const FULL = (1n << 80n) - 1n;

describe("data", () => {
  it("puts three transfers in a word, the first highest", () => {
    expect(packWords(profile, [1n, 2n, 3n, 4n])).to.deep.equal([(1n << 160n) | (2n << 80n) | 3n, 4n << 160n]);
    expect(packWords(profile, [])).to.deep.equal([0n, 0n]);
    expect(unpackWords(profile, packWords(profile, [FULL, 0n, FULL, 5n]))).to.deep.equal([FULL, 0n, FULL, 5n]);
  });

  it("refuses too many transfers, too large ones, and used places that are never proven", () => {
    expect(() => packWords(profile, [1n, 2n, 3n, 4n, 5n])).to.throw(
      MalformedError,
      "count of transfers is 5, expected at most 4",
    );
    expect(() => packWords(profile, [FULL + 1n])).to.throw("packed transfer");
    expect(() => unpackWords(profile, [0n, 1n])).to.throw(MalformedError, "unused place of a word");
    expect(() => unpackWords(profile, [0n])).to.throw(MalformedError, "count of words is 1, expected 2");
    expect(() => unpackWords(profile, [1n << 240n, 0n])).to.throw("word is");
  });

  it("leaves trailing zero words out and restores them", () => {
    const words = [7n, 0n, 8n, 0n, 0n, 0n, 0n, 0n];
    const data = encodeData(words);
    expect(data).to.equal(`0x${"7".padStart(60, "0")}${"0".repeat(60)}${"8".padStart(60, "0")}`);
    expect(decodeData(profile, { data, l1OpCount: 0 })).to.deep.equal(words);
    expect(encodeData([0n, 0n])).to.equal("0x");
    expect(decodeData(profile, { data: "0x", l1OpCount: 0 })).to.deep.equal(Array<bigint>(8).fill(0n));
  });

  it("leaves no word of an operation out, though the last of a forced one is 0", () => {
    const words = [7n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
    const data = encodeData(words, 1);
    expect(data).to.equal(`0x${"7".padStart(60, "0")}${"0".repeat(60)}`);
    expect(decodeData(profile, { data, l1OpCount: 1 })).to.deep.equal(words);
  });

  it("reads whatever L1 takes for a block: with zero words left out, even an operation's, or added at the end", () => {
    const words = [7n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n];
    for (const length of [1, 2, 10, 11, 300]) {
      const data = `0x${"7".padStart(60, "0")}${"0".repeat(60 * (length - 1))}`;
      expect(decodeData(profile, { data, l1OpCount: 1 }), `${length} words`).to.deep.equal(words);
    }
  });

  it("refuses data that are not whole words or have more in them than a block", () => {
    const decode = (data: string, l1OpCount: number) => () => decodeData(profile, { data, l1OpCount });
    expect(decode(`0x${"00".repeat(29)}`, 0)).to.throw(MalformedError, "data length is 29 bytes");
    const ninth = `0x${"00".repeat(9 * 30 - 1)}01`;
    expect(decode(ninth, 0)).to.throw(
      MalformedError,
      "word 8 of the data is not 0, expected 0 behind the 8 of a block",
    );
    expect(decode(ninth, 2)).to.not.throw();
  });

  it("puts an operation in two words", () => {
    const operations = [[1n, 2n] as const, [3n, 0n] as const];
    expect(packOperationWords(profile, operations)).to.deep.equal([1n, 2n, 3n, 0n]);
    expect(packOperationWords(profile, operations.slice(1))).to.deep.equal([3n, 0n, 0n, 0n]);
    expect(unpackOperationWords(profile, [1n, 2n, 3n, 0n])).to.deep.equal(operations);
    expect(() => packOperationWords(profile, [...operations, [5n, 6n]])).to.throw(
      MalformedError,
      "count of operations is 3, expected at most 2",
    );
    expect(() => unpackOperationWords(profile, [1n, 2n])).to.throw(MalformedError, "count of words is 2, expected 4");
    expect(() => unpackOperationWords(profile, [1n, 2n, 1n << 240n, 0n])).to.throw(OutOfRangeError, "word is");
  });

  it("gives base nodes their words, operations first", () => {
    const words = Array.from({ length: 10 }, (_, i) => BigInt(i));
    const split = [
      [0n, 1n, 2n, 3n],
      [4n, 5n],
      [6n, 7n],
      [8n, 9n],
    ];
    expect(wordsByBase(profile, words, 1)).to.deep.equal(split);
    expect(wordsByBase(profile, words, 2)).to.deep.equal(split);
    expect(() => wordsByBase(profile, words, 3)).to.throw(MalformedError, "count of words is 10, expected 12");
    expect(() => wordsByBase(profile, words, 9)).to.throw(OutOfRangeError, "l1OpCount is 9, expected 0 to 8");
    const [a, b, c, d] = split.map((base) => hashMany(TAG.txs, base)) as [bigint, bigint, bigint, bigint];
    expect(blockTxsRoot(profile, words, 2)).to.equal(
      hashMany(TAG.txs, [hashMany(TAG.txs, [a, b]), hashMany(TAG.txs, [c, d])]),
    );
  });

  it("hashes data in chunks, of which there is at least one", () => {
    const data = encodeData([1n, 2n, 3n, 4n]);
    const [one, two] = [encodeData([1n, 2n]), encodeData([3n, 4n])] as [string, string];
    expect(dataChunks(data, 2)).to.deep.equal([one, two]);
    expect(dataChunks(data, 3)).to.deep.equal([encodeData([1n, 2n, 3n]), encodeData([4n])]);
    expect(dataChunks(data, 4)).to.deep.equal([data]);
    expect(dataChunks("0x", 4)).to.deep.equal(["0x"]);
    expect(dataHash(data, 2)).to.equal(keccak256(concat([keccak256(one), keccak256(two)])));
    expect(dataHash("0x", 2)).to.equal(keccak256(keccak256("0x")));
  });

  it("evaluates the polynomial, unchanged by trailing zeros", () => {
    const r = FIELD - 3n;
    expect(dataEval([5n, 7n, 11n], r)).to.equal((5n - 21n + 99n + FIELD) % FIELD);
    expect(dataEval([5n, 7n, 11n, 0n], r)).to.equal(dataEval([5n, 7n, 11n], r));
    expect(dataEval([], r)).to.equal(0n);
    expect(rPow(0, r)).to.equal(1n);
    expect(rPow(3, r)).to.equal(FIELD - 27n);
  });

  it("commits to the words base by base", () => {
    const words = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n];
    const base = [
      [1n, 2n],
      [3n, 4n],
      [5n, 6n],
      [7n, 8n],
    ].map((pair) => hashMany(TAG.txs, pair));
    const merges = [base.slice(0, 2), base.slice(2)].map((pair) => hashMany(TAG.txs, pair));
    expect(blockTxsRoot(profile, words)).to.equal(hashMany(TAG.txs, merges));
    expect(() => blockTxsRoot(profile, words.slice(1))).to.throw(MalformedError, "count of words is 7, expected 8");
  });

  it("profiles have the words their transfers need", () => {
    expect(Object.values(PROFILES).map((one: Profile) => [wordsPerBase(one), wordsPerBlock(one)])).to.deep.equal([
      [1, 4],
      [1, 8],
      [1, 16],
      [22, 44],
    ]);
    expect(wordsPerBase(profile)).to.equal(2);
  });
});
