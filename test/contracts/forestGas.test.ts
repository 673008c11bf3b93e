import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { gasLine, measureForest, measureNodes, type ForestGas } from "../../tools/bench/forestGas.ts";

const SNAPSHOT = new URL("../snapshots/forest-gas.json", import.meta.url);
const SHAPES = [
  [2, 2],
  [2, 3],
  [2, 4],
  [2, 7],
  [4, 2],
  [4, 3],
  [8, 1],
  [8, 2],
  [16, 1],
  [16, 2],
] as const;

describe("gas of verifyForest and verifyNodes", () => {
  const measured: Record<string, ForestGas> = {};
  const forestOf = (name: string) => measured[name]!;

  before(async () => {
    const { ethers } = await network.create();
    for (const [arity, levels] of SHAPES)
      measured[`arity ${arity}, levels ${levels}`] = await measureForest(ethers, arity, levels);
    measured["arity 4, levels 2, with betas"] = await measureForest(ethers, 4, 2, { roundSeed: 5n });
    measured["arity 4, levels 3, with betas"] = await measureForest(ethers, 4, 3, { roundSeed: 5n });
    for (const count of [1n, 9n])
      measured[`arity 4, levels 2, ${count} operations`] = await measureForest(ethers, 4, 2, { l1OpCount: count });
    for (const [arity, levels, lists] of [
      [2, 2, { "bases, 1": [3], "bases, 2": [3, 4], "bases, 3": [3, 4, 5] }],
      [2, 2, { "merges, 1": [1], "merges, 2": [1, 2], "a merge and a base": [1, 3], "2 merges, 1 base": [1, 2, 3] }],
      [2, 10, { "bases, 1": [2046], "merges, 1": [1], "merges, 2": [1, 2], "merges, 3": [1, 2, 3] }],
      [4, 2, { "merges, 1": [1], "merges, 2": [1, 2], "merges, 3": [1, 2, 3] }],
      [16, 2, { "merges, 1": [1], "merges, 2": [1, 2], "merges, 3": [1, 2, 3] }],
    ] as const) {
      const gas = await measureNodes(ethers, arity, levels, Object.values(lists));
      for (const [i, name] of Object.keys(lists).entries())
        measured[`verifyNodes, arity ${arity}, levels ${levels}: ${name}`] = gas[i]!;
    }
  });

  it("is what the snapshot says (UPDATE_SNAPSHOTS=1 rewrites it)", () => {
    if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(SNAPSHOT, `${JSON.stringify(measured, null, 2)}\n`);
    expect(measured).to.deep.equal(JSON.parse(readFileSync(SNAPSHOT, "utf8")));
  });

  it("is at most 53,500 for one more proof, calldata included", () => {
    for (const [smaller, larger] of [
      ["arity 2, levels 2", "arity 2, levels 7"],
      ["arity 4, levels 2", "arity 4, levels 3"],
    ] as const) {
      expect(gasLine(forestOf(smaller), forestOf(larger)).marginal).to.be.at.most(53_500);
    }
  });

  it("is at most 59,000 for a second node of a circuit and 53,000 for a third, calldata apart", () => {
    for (const nodes of ["levels 2: bases", "levels 10: merges"]) {
      const [one, two, three] = [1, 2, 3].map((count) => {
        const { total, intrinsic } = forestOf(`verifyNodes, arity 2, ${nodes}, ${count}`);
        return total - intrinsic;
      }) as [number, number, number];
      expect(two - one, nodes).to.be.at.most(59_000);
      expect(three - two, nodes).to.be.at.most(53_000);
    }
  });

  it("is at most 100,000 for operations, and 2,500 for one more node of them: a pairing and sums of their own", () => {
    const [none, one, five] = [
      "arity 4, levels 2",
      "arity 4, levels 2, 1 operations",
      "arity 4, levels 2, 9 operations",
    ].map((name) => forestOf(name).total) as [number, number, number];
    expect(one - none).to.be.within(34_000, 100_000);
    expect((five - one) / 4).to.be.at.most(2_500);
  });
});
