import { expect } from "chai";
import { concat, keccak256 } from "ethers";
import { hashContents, openContents, OutOfRangeError, toHex32 } from "../../src/protocol/index.ts";

const contentsOf = (length: number): bigint[] => Array.from({ length }, (_, i) => 1_000n + BigInt(i));
const hash = (words: readonly bigint[]): string => keccak256(concat(words.map(toHex32)));

describe("contents of a forest", () => {
  it("are hashed in sections of eight groups of 32, and the last ones as they are", () => {
    const eight = Array<number>(8).fill(32);
    for (const [length, sections] of [
      [2, [[2]]],
      [32, [[32]]],
      [33, [[32, 1]]],
      [256, [eight]],
      [257, [eight, [1]]],
      [602, [eight, eight, [32, 32, 26]]],
    ] as const) {
      const contents = contentsOf(length);
      let from = 0;
      const groups = sections.map((sizes) => sizes.map((size) => hash(contents.slice(from, (from += size)))));
      const hashes = groups.map((section) => keccak256(concat(section)));
      expect(hashContents(contents)).to.equal(keccak256(concat(hashes)));
      const none = { sections: hashes, openedSections: 0n, groups: [], openedGroups: 0n, contents: [] };
      expect(openContents(contents, [])).to.deep.equal(none);
      const last = { openedSections: 1n << BigInt(sections.length - 1), groups: groups.at(-1)! };
      expect(openContents(contents, [length])).to.deep.include({ sections: hashes, ...last });
    }
  });

  it("are opened by whole groups, in the order of slots", () => {
    const contents = contentsOf(602);
    const all = (slots: readonly number[]) => {
      const { openedSections, openedGroups, contents: shown } = openContents(contents, slots);
      return [openedSections, openedGroups, shown] as const;
    };
    const group = (i: number) => contents.slice(32 * i, 32 * (i + 1));
    expect(all([1])).to.deep.equal([0b1n, 0b1n, group(0)]);
    expect(all([32])).to.deep.equal([0b1n, 0b1n, group(0)]);
    expect(all([33])).to.deep.equal([0b1n, 0b10n, group(1)]);
    expect(all([257])).to.deep.equal([0b10n, 0b1n, group(8)]);
    expect(all([602, 577, 2, 256, 3])).to.deep.equal([
      0b101n,
      0b100_1000_0001n,
      [...group(0), ...group(7), ...group(18)],
    ]);
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
