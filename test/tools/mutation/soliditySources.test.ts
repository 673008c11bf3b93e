import { expect } from "chai";
import { closure, readSoliditySources } from "../../../tools/mutation/soliditySources.ts";
import { PROJECT_ROOT } from "../../../src/setup/project.ts";

describe("Solidity sources for mutants", () => {
  const { content, imports, deployable, deployedBy } = readSoliditySources(PROJECT_ROOT);

  it("embed no contract of the project in a test", () => {
    for (const [path, source] of content) {
      if (!path.startsWith("test/")) continue;
      for (const [, name] of source.matchAll(/\bnew (\w+)\(/g))
        expect(deployable.has(name!), `${name} in ${path}`).to.equal(false);
    }
  });

  it("know what a test deploys through its fixture", () => {
    expect([...deployedBy("test/contracts/Rollup/seat.t.sol")]).to.include.members([
      "Rollup",
      "Scorer",
      "PlainScore",
      "Bridge",
    ]);
    expect([...deployedBy("test/contracts/libraries/tally.t.sol")]).to.deep.equal([]);
  });

  it("know what a contract is made of", () => {
    expect([...closure("contracts/Rollup.sol", imports)]).to.include.members([
      "contracts/rollup/Seats.sol",
      "contracts/types/Lane.sol",
    ]);
    expect([...closure("contracts/libraries/Tally.sol", imports)]).to.not.include("contracts/Rollup.sol");
  });
});
