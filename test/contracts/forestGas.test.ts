import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { gasLine, measureForest, measureNode, type ForestGas } from "../../tools/bench/forestGas.ts";

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

describe("gas of verifyForest and verifyNode", () => {
  const measured: Record<string, ForestGas | number> = {};
  const forestOf = (name: string) => measured[name] as ForestGas;

  before(async () => {
    const { ethers } = await network.create();
    for (const [arity, levels] of SHAPES)
      measured[`arity ${arity}, levels ${levels}`] = await measureForest(ethers, arity, levels);
    measured["arity 4, levels 2, with betas"] = await measureForest(ethers, 4, 2, { roundSeed: 5n });
    measured["arity 4, levels 3, with betas"] = await measureForest(ethers, 4, 3, { roundSeed: 5n });
    for (const count of [1n, 9n])
      measured[`arity 4, levels 2, ${count} operations`] = await measureForest(ethers, 4, 2, { l1OpCount: count });
    measured["verifyNode, base"] = await measureNode(ethers, 2, 1);
    for (const arity of [2, 4, 16]) measured[`verifyNode, merge of ${arity}`] = await measureNode(ethers, arity, 2);
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
