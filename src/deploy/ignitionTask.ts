import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readDeploymentParameters } from "@nomicfoundation/hardhat-ignition/helpers";
import { DeploymentResultType, type DeploymentResult, type IgnitionModule } from "@nomicfoundation/ignition-core";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";
import type { TaskOverrideActionFunction } from "hardhat/types/tasks";
import { HardhatPluginError } from "hardhat/plugins";
import { B52Error } from "../protocol/errors.ts";
import { LOCAL_CHAIN_IDS } from "../proving/keys/networks.ts";
import { projectPath } from "../setup/project.ts";
import { replaceBook } from "./addressBook.ts";
import { describeRollup, type ModuleAddresses } from "./deploy.ts";
import { assertCommonKeyAllowed } from "./developmentKeys.ts";
import { journalName } from "./journal.ts";
import { type ModuleParameters, profileOf } from "./parameters.ts";
import { SCORE_POLICIES, type ScorePolicyName } from "./policies.ts";
import { rollupModule } from "./rollupModule.ts";
import { confirmationsOn, POLLING_MS } from "./runModule.ts";

interface IgnitionArguments {
  readonly modulePath?: string;
  readonly parameters?: string;
  readonly deploymentId?: string;
}

/** What `./b52 status`, `sync`, `wallet` and `escape` look for a rollup in. */
const ADDRESS_BOOK = "build/deployment.json";

/** The journals of `hardhat ignition deploy` are not those of `./b52 deploy`: Ignition wipes its own by itself. */
const LABEL = "ignition";

/**
 * `hardhat ignition deploy`, which by itself would take development keys to any network, compile everything a second
 * time under another profile, wait for blocks that chains for development do not make, take one such chain for another,
 * and tell no other command where the rollup is.
 */
const deployTask: TaskOverrideActionFunction<IgnitionArguments> = async (args, hre, runSuper) => {
  const parameters = await parametersIn(args.parameters, hre.config.paths.ignition);
  const connection = await hre.network.create();
  try {
    const { chainId } = await connection.ethers.provider.getNetwork();
    const text = JSON.stringify(parameters, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
    for (const [commonKey] of text.matchAll(/\b0x[0-9a-f]{640}\b/gi)) assertCommonKeyAllowed(chainId, commonKey);
    prepare(hre, chainId);
    const b52 = parameters.map(({ B52 }) => B52).find((found) => found !== undefined);
    if (b52 && args.modulePath !== undefined) await assertPolicy(args.modulePath, b52);
    const result = (await runSuper({
      ...args,
      ...(b52 && (await deploymentId(args, connection, b52, chainId))),
    })) as DeploymentResult | null;
    if (b52 && connection.networkConfig.type !== "edr-simulated") await adopt(result, connection, b52);
    return result;
  } catch (error) {
    throw error instanceof B52Error ? new HardhatPluginError("b52", error.message, error) : error;
  } finally {
    await connection.close();
  }
};

/** A parameter file is for a rollup of another score policy than the module's. */
export class ModulePolicyError extends B52Error {
  constructor(modulePath: string, policy: ScorePolicyName, found: string) {
    const other = Object.entries(SCORE_POLICIES).find(([name]) => name === found)?.[1].module;
    const expected = other === undefined ? `"${policy}"` : `"${policy}", or the module deploy/modules/${other}`;
    super(`the parameters have the score policy "${found}", and ${modulePath} has "${policy}": expected ${expected}`, {
      modulePath,
      policy,
      found,
    });
  }
}

/**
 * Which contract scores is the module's, not a parameter's.
 * @throws {ModulePolicyError}
 */
async function assertPolicy(modulePath: string, { scorePolicy: found }: Partial<ModuleParameters>): Promise<void> {
  const policy = await policyOfModule(modulePath);
  if (policy && found !== undefined && found !== policy) throw new ModulePolicyError(modulePath, policy, found);
}

/** Undefined if the module deploys no rollup of this program's, or is not there: Ignition says that itself. */
async function policyOfModule(modulePath: string): Promise<ScorePolicyName | undefined> {
  const path = resolve(modulePath);
  if (!existsSync(path)) return undefined;
  const { default: module } = (await import(pathToFileURL(path).href)) as { default?: Partial<IgnitionModule> };
  const contracts = [...(module?.futures ?? [])].map((future) => ("contractName" in future ? future.contractName : ""));
  const names = Object.keys(SCORE_POLICIES) as ScorePolicyName[];
  return names.find((name) => contracts.includes(SCORE_POLICIES[name].contract));
}

/** What is compiled already is what was tested: the same code under one profile. */
function prepare(hre: HardhatRuntimeEnvironment, chainId: bigint): void {
  (hre.globalOptions as { buildProfile?: string }).buildProfile ??= "default";
  hre.config.ignition.requiredConfirmations ??= confirmationsOn(chainId);
  if (LOCAL_CHAIN_IDS.includes(chainId)) hre.config.ignition.blockPollingInterval ??= POLLING_MS;
}

/** Where chains for development are told apart; elsewhere Ignition's own choice, by chain id. */
async function deploymentId(
  { deploymentId }: IgnitionArguments,
  { ethers }: NetworkConnection,
  parameters: ModuleParameters,
  chainId: bigint,
): Promise<{ deploymentId: string } | undefined> {
  if (deploymentId || !LOCAL_CHAIN_IDS.includes(chainId)) return undefined;
  return { deploymentId: await journalName(ethers.provider, parameters, LABEL) };
}

/** Writes the address book of what was deployed, as `./b52 deploy` does. */
async function adopt(
  result: DeploymentResult | null,
  { ethers }: NetworkConnection,
  parameters: ModuleParameters,
): Promise<void> {
  if (result?.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) return;
  const module = rollupModule({ scorePolicy: "plain" }); // the results have the same names under every policy
  const found = Object.entries(module.results).map(([name, { id }]) => [name, result.contracts[id]?.address] as const);
  if (found.some(([, address]) => address === undefined)) return; // another module, which only shares parameters
  const profile = profileOf(parameters);
  if (profile === undefined) {
    console.log(`${ADDRESS_BOOK} is not written: no profile of this program has the sizes of these parameters`);
    return;
  }
  const deployment = await describeRollup(ethers.provider, Object.fromEntries(found) as ModuleAddresses, profile);
  const old = await replaceBook(projectPath(ADDRESS_BOOK), deployment);
  if (old !== undefined) console.log(`\n${ADDRESS_BOOK} was that of another rollup, and is ${old} now`);
  console.log(`\nwritten to ${ADDRESS_BOOK}, where ./b52 status, sync, wallet and escape find it`);
}

type ParameterFile = Readonly<Record<string, ModuleParameters | undefined>>;

/**
 * The parameters as Ignition finds them: on the command line, in a file, or in `<module>.config.json` beside the
 * modules.
 */
async function parametersIn(parameters: string | undefined, folder: string): Promise<ParameterFile[]> {
  if (parameters !== undefined && !/\.json5?$/.test(parameters)) return [parseInline(parameters)];
  const beside = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith(".config.json"));
  const files = parameters === undefined ? (await beside()).map((name) => join(folder, name)) : [parameters];
  // Parsed as Ignition does: JSON5 may spread a string over several lines.
  return Promise.all(files.map(async (file) => (await readDeploymentParameters(file)) as ParameterFile));
}

/** Ignition says itself what is wrong with them; keys are looked for in the text as it is. */
function parseInline(text: string): ParameterFile {
  try {
    return JSON.parse(text, reviveBigints) as ParameterFile;
  } catch {
    return { text } as unknown as ParameterFile;
  }
}

/** As Ignition writes them: digits and an n. */
function reviveBigints(_: string, value: unknown): unknown {
  return typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
}

export default deployTask;
