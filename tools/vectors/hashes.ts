import { compress, FIELD, hashContents, hashMany, openContents, poseidon, TAG } from "../../src/protocol/index.ts";
import { type Case, element } from "./case.ts";

export function poseidons(): Case[] {
  const lengths = Array.from({ length: 16 }, (_, i) => i + 1);
  return lengths.map((length) => {
    const inputs = Array.from({ length }, (_, i) => element(`poseidon ${length} ${i}`));
    return { inputs, hash: poseidon(inputs) };
  });
}

export function compressions(): Case[] {
  const inputs = [0, 1, 2].map((n) => Array.from({ length: 4 }, (_, i) => element(`compress ${n} ${i}`)));
  return [[0n, 0n, 0n, 0n], Array<bigint>(4).fill(FIELD - 1n), ...inputs].map((four) => ({
    inputs: four,
    hash: compress(four),
  }));
}

export function hashManys(): Case[] {
  return [0, 1, 2, 13, 14, 15, 29, 30, 44].map((length) => {
    const values = Array.from({ length }, (_, i) => element(`hashMany ${length} ${i}`));
    return { tag: TAG.txs, values, hash: hashMany(TAG.txs, values) };
  });
}

export function contentGroups(): Case[] {
  const cases: [length: number, slots: number[]][] = [
    [2, [2]],
    [6, [1, 6]],
    [32, [1, 32]],
    [33, [33]],
    [130, [3, 64, 129]],
    [256, [256]],
    [257, [257]],
    [600, [1, 40, 290, 300, 600]],
  ];
  return cases.map(([length, slots]) => {
    const contents = Array.from({ length }, (_, i) => element(`contentGroups ${length} ${i}`));
    const { contents: shown, ...hashes } = openContents(contents, slots);
    return {
      contents,
      contentsHash: hashContents(contents),
      slots,
      ...hashes,
      openedContents: shown,
      contentsAt: slots.map((slot) => contents[slot - 1]!),
    };
  });
}
