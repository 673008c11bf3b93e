import { createRequire } from "node:module";

/**
 * How contracts are compiled, for tests and for deployment alike. Compilers come from the npm registry only: `solc`
 * ships the same soljson.js that Hardhat would download; test/config/compiler.test.ts asserts that its version is the
 * one named here.
 */
export const COMPILER = {
  version: "0.8.37",
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
  settings: { evmVersion: "osaka", optimizer: { enabled: true, runs: 10_000 }, viaIR: true },
};
