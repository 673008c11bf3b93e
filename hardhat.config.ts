import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig, overrideTask } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";
import { COMPILER } from "./src/setup/compiler.ts";

// Solidity tests call contracts that are made by name, as they are deployed. Their own code runs a few times: what
// makes it faster takes ten times as long as it saves. Tests of libraries have the code under test in them, and are
// compiled as contracts are.
const testCode = {
  ...COMPILER,
  settings: { ...COMPILER.settings, optimizer: { enabled: false }, viaIR: false },
};
const overrides = Object.fromEntries(
  globSync("test/contracts/**/*.sol", { cwd: import.meta.dirname })
    .filter((path) => !path.startsWith("test/contracts/libraries/"))
    .map((path) => [path, testCode]),
);

/**
 * Hardhat compiles together what has the same settings, and takes settings for the same if they are one object; what is
 * compiled apart may run on all processors.
 */
const fewCompilations: HardhatPlugin = {
  id: "b52-few-compilations",
  hookHandlers: {
    config: async () => ({
      default: async () => ({
        resolveUserConfig: async (userConfig, resolveConfigurationVariable, next) => {
          const config = await next(userConfig, resolveConfigurationVariable);
          const { overrides: resolved } = config.solidity.profiles["default"]!;
          const [first] = Object.values(resolved);
          for (const path of Object.keys(resolved)) resolved[path] = first!;
          return config;
        },
      }),
    }),
    solidity: async () => ({
      default: async () => ({
        build: (context, rootFilePaths, options, next) =>
          next(context, rootFilePaths, { concurrency: availableParallelism(), ...options }),
      }),
    }),
  },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, fewCompilations],
  // One profile: Ignition deploys the very code that is tested (src/deploy/ignitionTask.ts). Tests apart: neither types
  // nor artifacts depend on whether they were compiled.
  solidity: {
    splitTestsCompilation: true,
    profiles: { default: { compilers: [COMPILER], overrides } },
  },
  paths: { sources: "contracts", tests: { solidity: "test/contracts", mocha: "test" }, ignition: "deploy" },
  tasks: [
    overrideTask(["ignition", "deploy"])
      .setAction(() => import("./src/deploy/ignitionTask.ts"))
      .build(),
    overrideTask(["test", "mocha"])
      .setAction(() => import("./src/cli/mochaTask.ts"))
      .build(),
  ],
  typechain: { outDir: "typechain-types" },
  test: {
    mocha: { timeout: 120_000 },
    // The invariants bring their own dice: a dictionary of what they store would only eat memory.
    solidity: {
      fuzz: { seed: process.env["B52_INVARIANT_SEED"] },
      invariant: {
        runs: Number(process.env["B52_INVARIANT_RUNS"] ?? 256),
        depth: Number(process.env["B52_INVARIANT_DEPTH"] ?? 128),
        failOnRevert: true,
        dictionaryWeight: 0,
        includeStorage: false,
        includePushBytes: false,
        shrinkRunLimit: 256,
      },
    },
  },
  networks: {
    // The in-process L1: a fresh chain per connection, automatic mining.
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka" },
    // The L1 of a devnet (src/devnet/l1.ts): a block each second, and one for each transaction, without which Hardhat
    // takes none with blobs. Several may have one time, so that its clock goes with everybody's.
    devnet: {
      ...{ type: "edr-simulated", chainType: "l1", hardfork: "osaka", chainId: 31_337 },
      ...{ allowBlocksWithSameTimestamp: true, mining: { auto: true, interval: 1_000 } },
    },
    // Any other node, for what Hardhat does itself; `./b52` has its own way to nodes (src/chain/transport.ts). It signs
    // itself unless a private key is given in B52_PRIVATE_KEY.
    rpc: {
      type: "http",
      chainType: "l1",
      url: configVariable("B52_RPC_URL"),
      timeout: 60_000,
      accounts: process.env["B52_PRIVATE_KEY"] === undefined ? "remote" : [configVariable("B52_PRIVATE_KEY")],
    },
  },
});
