import { createRequire } from "node:module";
import { expect } from "chai";
import hre from "hardhat";

const require = createRequire(import.meta.url);

describe("compiler", () => {
  it("has the version that the configuration names", () => {
    const soljson = require("solc/soljson.js") as { cwrap(name: string, type: string, args: string[]): () => string };
    const installed = soljson.cwrap("solidity_version", "string", [])();
    const named = Object.values(hre.config.solidity.profiles).flatMap((profile) =>
      profile.compilers.map((compiler) => compiler.version),
    );
    expect(named).to.not.have.lengthOf(0);
    for (const version of named)
      expect(installed).to.match(new RegExp(`^${version.replaceAll(".", "\\.")}\\+commit\\.`));
  });
});
