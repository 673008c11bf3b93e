import { createRequire } from "node:module";
import type * as Edr from "@nomicfoundation/edr";
import type { CompiledContract } from "./solidityCompiler.ts";

// The one that Hardhat brings, so that tests run here as they do there.
const edr = createRequire(createRequire(import.meta.url).resolve("hardhat"))("@nomicfoundation/edr") as typeof Edr;

const SOLC_VERSION = "0.8.37";
/** A mutant may loop for ever. */
const GAS_LIMIT = 2n ** 32n;
/** Hardhat's, so that what is fuzzed is the same. */
const FUZZ_SEED = "0x7727ea51af0441c20da14dcd68a15dac8c9ebd589c5be8fa8c87c1d3720450bc";

/** Contracts by `path:name`. */
export type Artifacts = ReadonlyMap<string, CompiledContract>;

export interface TestFailure {
  readonly suite: string;
  readonly test: string;
  readonly reason: string;
}

/** Whether a contract is one of tests. */
export const isSuite = ({ abi }: CompiledContract): boolean =>
  abi.some(({ type, name }) => type === "function" && /^(test|invariant)/.test(name ?? ""));

let context: Promise<Edr.EdrContext> | undefined;

async function createContext(): Promise<Edr.EdrContext> {
  const created = new edr.EdrContext();
  await created.registerSolidityTestRunnerFactory(edr.L1_CHAIN_TYPE, edr.l1SolidityTestRunnerFactory());
  return created;
}

/**
 * Runs suites one after the other until a test fails.
 * @param onHits gets the tags that instrumented code reports, in hexadecimal
 */
export async function firstFailure(
  root: string,
  suites: readonly string[],
  artifacts: Artifacts,
  onHits?: (tags: readonly string[]) => void,
): Promise<TestFailure | undefined> {
  const all = [...artifacts].map(([id, contract]) => ({
    id: artifactId(id),
    contract: { ...contract, abi: JSON.stringify(contract.abi), linkReferences: {}, deployedLinkReferences: {} },
  }));
  const runner = await (context ??= createContext());
  for (const suite of suites) {
    // The run may be over before its results arrive.
    const { testResults } = await new Promise<Edr.SuiteResult>((resolve, reject) => {
      runner.runSolidityTests(edr.L1_CHAIN_TYPE, all, [artifactId(suite)], configuration(root, onHits), {}, resolve).catch(reject);
    });
    const failed = testResults.find(({ status }) => status === "Failure");
    if (failed) return { suite, test: failed.name, reason: failed.reason ?? "" };
  }
  return undefined;
}

function configuration(root: string, onHits?: (tags: readonly string[]) => void): Edr.SolidityTestRunnerConfigArgs {
  const observability = onHits && {
    codeCoverage: {
      onCollectedCoverageCallback: async (tags: Uint8Array[]) => onHits(tags.map((tag) => Buffer.from(tag).toString("hex"))),
    },
  };
  return {
    projectRoot: root,
    hardfork: edr.OSAKA,
    localPredeploys: edr.l1GenesisState(edr.l1HardforkFromString(edr.OSAKA)),
    gasLimit: GAS_LIMIT,
    disableBlockGasLimit: true,
    disableTransactionGasCap: true,
    fuzz: { seed: FUZZ_SEED },
    ...(observability && { observability }),
  };
}

function artifactId(id: string): Edr.ArtifactId {
  const [source, name] = id.split(":") as [string, string];
  return { name, source, solcVersion: SOLC_VERSION };
}
