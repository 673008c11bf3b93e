import { getAddress, type Provider } from "ethers";
import { B52Token__factory } from "../../typechain-types/factories/B52Token__factory.ts";
import { Rollup__factory } from "../../typechain-types/factories/Rollup__factory.ts";
import type { B52Token, Rollup } from "../../typechain-types/index.ts";
import type { L1Connection } from "../chain/connection.ts";
import type { Deployment } from "../chain/deployment.ts";
import { LogScan } from "../chain/scan.ts";
import { B52Error } from "../protocol/errors.ts";
import { assertKeysAllowed } from "../proving/keys/networks.ts";
import type { ProvingKey } from "../proving/keys/provingKey.ts";
import { isBegun, journalName } from "./journal.ts";
import { moduleParameters, type DeploymentPlan, type ModuleParameters } from "./parameters.ts";
import { rollupModule } from "./rollupModule.ts";
import { type DeployOptions, runModule } from "./runModule.ts";

/**
 * Deploys a rollup through Hardhat Ignition, or finds the one that was deployed with the same parameters on the same
 * chain.
 * @throws DevelopmentKeysError when the keys are for development and the chain is not local
 * @throws {NoEtherError} before anything is written down
 */
export async function deployRollup(
  connection: L1Connection,
  plan: DeploymentPlan,
  options?: DeployOptions,
): Promise<Deployment> {
  const { chainId } = await connection.ethers.provider.getNetwork();
  const keys = Object.values<ProvingKey | undefined>({ ...plan.keys });
  assertKeysAllowed(
    chainId,
    keys.flatMap((key) => key?.manifest ?? []),
  );
  return deployModule(connection, plan, moduleParameters(plan), options);
}

/** Whether a rollup with these parameters was deployed on this chain, or its deployment was begun. */
export const isRollupBegun = async (provider: Provider, plan: DeploymentPlan): Promise<boolean> =>
  isBegun(await journalName(provider, moduleParameters(plan), plan.label));

/** {@link deployRollup} with verifying keys of any origin. */
export async function deployModule(
  connection: L1Connection,
  { profile, label }: Pick<DeploymentPlan, "profile" | "label">,
  parameters: ModuleParameters,
  options?: DeployOptions,
): Promise<Deployment> {
  const { provider } = connection.ethers;
  const journal = await journalName(provider, parameters, label);
  // Whoever sends the first transaction is written down, and nobody else can go on with that deployment.
  if (!(await isBegun(journal))) await requireEther(connection);
  const addresses = await runModule(connection, rollupModule(parameters), parameters, journal, options);
  return describeRollup(provider, addresses as ModuleAddresses, profile);
}

/** Nobody pays for the deployment. */
export class NoEtherError extends B52Error {
  constructor(deployer: string) {
    super(`${deployer} has no ether, expected some for the gas of the deployment: send it some`, { deployer });
  }
}

/** @throws {NoEtherError} */
async function requireEther({ ethers }: L1Connection): Promise<void> {
  const [deployer] = await ethers.getSigners();
  if (deployer === undefined) return;
  const address = await deployer.getAddress();
  if ((await ethers.provider.getBalance(address)) === 0n) throw new NoEtherError(address);
}

/** What the module `B52` deploys, by the names of its results. */
export type ModuleAddresses = Readonly<Record<Exclude<keyof Deployment["contracts"], "asset">, string>>;

/** Puts together, from the chain alone, what there is to know of a rollup. */
export async function describeRollup(
  provider: Provider,
  addresses: ModuleAddresses,
  profile: Deployment["profile"],
): Promise<Deployment> {
  const rollup = Rollup__factory.connect(addresses.rollup, provider);
  const [{ chainId }, genesis, domain, root, supply] = await Promise.all([
    provider.getNetwork(),
    provider.getBlock(0),
    rollup.domain(),
    rollup.genesisRoot(),
    rollup.genesisSupply(),
  ]);
  const contracts = Object.fromEntries(Object.entries(addresses).map(([name, address]) => [name, getAddress(address)]));
  return {
    version: 5,
    chainId,
    genesisBlock: genesis!.hash!,
    started: await startOf(rollup),
    contracts: { ...(contracts as typeof addresses), asset: getAddress(addresses.token) },
    asset: await describeAsset(B52Token__factory.connect(addresses.token, provider)),
    domain,
    profile,
    genesis: { root, supply },
  };
}

async function describeAsset(asset: B52Token): Promise<Deployment["asset"]> {
  return { symbol: await asset.symbol(), decimals: Number(await asset.decimals()) };
}

/** A rollup that nobody has started, or whose start the node has forgotten. */
export class NotStartedError extends B52Error {
  constructor(rollup: string) {
    super(
      `the node has no log of the start of rollup ${rollup}, expected one: ` +
        "the deployment was cut off (run it again), or the node drops old logs (use another one)",
      { rollup },
    );
  }
}

/** The block in which the rollup was started: nothing that matters happened before. @throws {NotStartedError} */
async function startOf(rollup: Rollup): Promise<Deployment["started"]> {
  const latest = await rollup.runner!.provider!.getBlockNumber();
  const logsOf = async (from: number, to: number) => rollup.queryFilter(rollup.filters.Started(), from, to);
  for await (const [started] of new LogScan().backwards(0, latest, logsOf)) {
    if (started !== undefined) return { number: started.blockNumber, hash: started.blockHash };
  }
  throw new NotStartedError(await rollup.getAddress());
}
