import { expect } from "chai";
import {
  blockTxsRoot,
  dataEval,
  decodeData,
  encodeData,
  FIELD,
  hashMany,
  MalformedError,
  packWords,
  type Profile,
  PROFILES,
  rPow,
  TAG,
  unpackWords,
  wordsPerBase,
  wordsPerBlock,
} from "../../src/protocol/index.ts";

const profile: Profile = { name: "test", arity: 2, levels: 2, accountDepth: 4, transfersPerBase: 4, operationsPerBase: 2 };
const FULL = (1n << 80n) - 1n;

describe("data", () => {
  it("puts three transfers in a word, the first highest", () => {
    expect(packWords(profile, [1n, 2n, 3n, 4n])).to.deep.equal([(1n << 160n) | (2n << 80n) | 3n, 4n << 160n]);
    expect(packWords(profile, [])).to.deep.equal([0n, 0n]);
    expect(unpackWords(profile, packWords(profile, [FULL, 0n, FULL, 5n]))).to.deep.equal([FULL, 0n, FULL, 5n]);
  });

  it("refuses too many transfers, too large ones, and used places that are never proven", () => {
    expect(() => packWords(profile, [1n, 2n, 3n, 4n, 5n])).to.throw(MalformedError, "count of transfers is 5, expected at most 4");
    expect(() => packWords(profile, [FULL + 1n])).to.throw("packed transfer");
    expect(() => unpackWords(profile, [0n, 1n])).to.throw(MalformedError, "unused place of a word");
    expect(() => unpackWords(profile, [0n])).to.throw(MalformedError, "count of words is 1, expected 2");
    expect(() => unpackWords(profile, [1n << 240n, 0n])).to.throw("word is");
  });

  it("leaves trailing zero words out and restores them", () => {
    const words = [7n, 0n, 8n, 0n, 0n, 0n, 0n, 0n];
    const data = encodeData(words);
    expect(data).to.equal(`0x${"7".padStart(60, "0")}${"0".repeat(60)}${"8".padStart(60, "0")}`);
    expect(decodeData(profile, data)).to.deep.equal(words);
    expect(encodeData([0n, 0n])).to.equal("0x");
    expect(decodeData(profile, "0x")).to.deep.equal(Array<bigint>(8).fill(0n));
  });

  it("refuses data that are not whole words or longer than a block", () => {
    expect(() => decodeData(profile, `0x${"00".repeat(29)}`)).to.throw(MalformedError, "data length is 29 bytes");
    expect(() => decodeData(profile, `0x${"00".repeat(270)}`)).to.throw(MalformedError, "at most 8");
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
    ]);
    expect(wordsPerBase(profile)).to.equal(2);
  });
});
