import { expect } from "chai";
import { concat, keccak256 } from "ethers";
import { hashContents, openContents, OutOfRangeError, toHex32 } from "../../src/protocol/index.ts";

const contentsOf = (length: number): bigint[] => Array.from({ length }, (_, i) => 1_000n + BigInt(i));
const hash = (words: readonly bigint[]): string => keccak256(concat(words.map(toHex32)));

describe("contents of a forest", () => {
  it("are hashed in groups of 64, and the last one as it is", () => {
    for (const [length, groups] of [
      [2, [2]],
      [64, [64]],
      [65, [64, 1]],
      [130, [64, 64, 2]],
    ] as const) {
      const contents = contentsOf(length);
      let from = 0;
      const hashes = groups.map((size) => hash(contents.slice(from, (from += size))));
      expect(hashContents(contents)).to.equal(keccak256(concat(hashes)));
      expect(openContents(contents, []).hashes).to.deep.equal(hashes);
    }
  });

  it("are opened by whole groups, in the order of slots", () => {
    const contents = contentsOf(130);
    const all = (slots: readonly number[]) => {
      const { opened, contents: shown } = openContents(contents, slots);
      return [opened, shown] as const;
    };
    expect(all([])).to.deep.equal([0n, []]);
    expect(all([1])).to.deep.equal([0b1n, contents.slice(0, 64)]);
    expect(all([64])).to.deep.equal([0b1n, contents.slice(0, 64)]);
    expect(all([65])).to.deep.equal([0b10n, contents.slice(64, 128)]);
    expect(all([130, 2, 129, 3])).to.deep.equal([0b101n, [...contents.slice(0, 64), ...contents.slice(128)]]);
  });

  it("name a slot that has none", () => {
    for (const slot of [0, -1, 131, NaN]) {
      expect(() => openContents(contentsOf(130), [1, slot])).to.throw(
        OutOfRangeError,
        `slot to open is ${slot}, expected 1 to 130`,
      );
    }
  });
});
