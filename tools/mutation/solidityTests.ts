import { createRequire } from "node:module";
import type * as Edr from "@nomicfoundation/edr";
import { B52Error } from "../../src/protocol/errors.ts";
import type { CompiledContract } from "./solidityCompiler.ts";

// The one that Hardhat brings, so that tests run here as they do there.
const edr = createRequire(createRequire(import.meta.url).resolve("hardhat"))("@nomicfoundation/edr") as typeof Edr;

const SOLC_VERSION = "0.8.37";
/** More than any test needs. */
const GAS_LIMIT = 2n ** 34n;
/** Hardhat's, so that what is fuzzed is the same. */
const FUZZ_SEED = "0x7727ea51af0441c20da14dcd68a15dac8c9ebd589c5be8fa8c87c1d3720450bc";

/** Contracts by `path:name`. */
export type Artifacts = ReadonlyMap<string, CompiledContract>;

export interface TestResult {
  /** With its parameters; `constructor()` or `setUp()` if that failed. */
  readonly test: string;
  readonly milliseconds: number;
  /** Of one run, if it is fuzzed. */
  readonly gas: number;
  /** Why it failed. */
  readonly failure?: string;
}

export interface RunOptions {
  /** Names without parameters; all by default. */
  readonly only?: readonly string[];
  /** Of one test: a mutant may loop for ever. */
  readonly gasLimit?: bigint;
  /** Gets the tags that code reports, in hexadecimal. */
  readonly onHits?: (tags: readonly string[]) => void;
}

/** Contracts of tests. */
export const suitesOf = (artifacts: Artifacts): string[] =>
  [...artifacts].filter(([id, contract]) => id.includes(".t.sol:") && testsOf(contract).length > 0).map(([id]) => id);

const testsOf = ({ abi }: CompiledContract): string[] =>
  abi.flatMap(({ type, name }) => (type === "function" && /^test/.test(name ?? "") ? name! : []));

let context: Promise<Edr.EdrContext> | undefined;

async function createContext(): Promise<Edr.EdrContext> {
  const created = new edr.EdrContext();
  await created.registerSolidityTestRunnerFactory(edr.L1_CHAIN_TYPE, edr.l1SolidityTestRunnerFactory());
  return created;
}

/**
 * Runs the tests of one suite.
 * @param artifacts the suite's and those of all that it deploys by name
 */
export async function runSuite(
  root: string,
  suite: string,
  artifacts: Artifacts,
  options: RunOptions = {},
): Promise<TestResult[]> {
  const all = [...artifacts].map(([id, contract]) => ({
    id: artifactId(id),
    contract: { ...contract, abi: JSON.stringify(contract.abi), linkReferences: {}, deployedLinkReferences: {} },
  }));
  const runner = await (context ??= createContext());
  // The run may be over before its results arrive.
  const { testResults } = await new Promise<Edr.SuiteResult>((resolve, reject) => {
    runner
      .runSolidityTests(edr.L1_CHAIN_TYPE, all, [artifactId(suite)], configuration(root, options), {}, resolve)
      .catch(reject);
  });
  const { length } = options.only ?? testsOf(artifacts.get(suite)!);
  // If the constructor or the set-up fails, no test runs.
  if (testResults.length !== length && !testResults.some(({ status }) => isFailure(status)))
    throw new B52Error(`${suite}: ${testResults.length} tests ran, expected ${length}`);
  return testResults.map(({ name, status, reason, durationNs, kind }) => ({
    test: name,
    milliseconds: Number(durationNs) / 1e6,
    gas: Number("meanGas" in kind ? kind.meanGas : "consumedGas" in kind ? kind.consumedGas : 0n),
    ...(isFailure(status) && { failure: reason ?? "" }),
  }));
}

/** EDR has the type of its results at run time only as text. */
const isFailure = (status: string): boolean => status === "Failure";

function configuration(root: string, { only, gasLimit, onHits }: RunOptions): Edr.SolidityTestRunnerConfigArgs {
  const observability = onHits && {
    codeCoverage: {
      onCollectedCoverageCallback: async (tags: Uint8Array[]) =>
        onHits(tags.map((tag) => Buffer.from(tag).toString("hex"))),
    },
  };
  return {
    projectRoot: root,
    hardfork: edr.OSAKA,
    localPredeploys: edr.l1GenesisState(edr.l1HardforkFromString(edr.OSAKA)),
    gasLimit: gasLimit ?? GAS_LIMIT,
    disableBlockGasLimit: true,
    disableTransactionGasCap: true,
    fuzz: { seed: FUZZ_SEED },
    testPattern: `^(?:${only?.join("|") ?? "test.*"})\\(`,
    ...(observability && { observability }),
  };
}

function artifactId(id: string): Edr.ArtifactId {
  const [source, name] = id.split(":") as [string, string];
  return { name, source, solcVersion: SOLC_VERSION };
}
