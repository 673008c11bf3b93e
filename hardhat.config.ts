import { createRequire } from "node:module";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

// Compilers come from the npm registry only. `solc` ships the same soljson.js that Hardhat would
// download; test/config/compiler.test.ts asserts that its version is the one named here.
const require = createRequire(import.meta.url);

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  solidity: {
    compilers: [
      {
        version: "0.8.37",
        path: require.resolve("solc/soljson.js"),
        settings: { evmVersion: "osaka", optimizer: { enabled: true, runs: 10_000 }, viaIR: true },
      },
    ],
  },
  paths: { sources: "contracts", tests: { solidity: "test/contracts", mocha: "test" }, ignition: "deploy" },
  typechain: { outDir: "typechain-types" },
  test: { mocha: { timeout: 120_000 } },
  networks: {
    // The in-process L1: a fresh chain per connection, automatic mining.
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka" },
  },
});
