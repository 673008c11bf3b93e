import type { NetworkConnection } from "hardhat/types/network";
import { B52Token__factory, Rollup__factory, type B52Token, type Rollup } from "../../typechain-types/index.ts";
import type { Deployment } from "../chain/deployment.ts";
import { scanBackwards } from "../chain/scan.ts";
import { assertKeysAllowed } from "../proving/keys/networks.ts";
import type { ProvingKey } from "../proving/keys/provingKey.ts";
import { moduleParameters, parametersHash, type DeploymentPlan, type ModuleParameters } from "./parameters.ts";
import { rollupModule } from "./rollupModule.ts";

/**
 * Deploys a rollup through Hardhat Ignition, or finds the one that was deployed with the same parameters on the same
 * chain.
 * @throws DevelopmentKeysError when the keys are for development and the chain is not local
 */
export async function deployRollup(connection: NetworkConnection, plan: DeploymentPlan): Promise<Deployment> {
  const { chainId } = await connection.ethers.provider.getNetwork();
  const keys = Object.values<ProvingKey | undefined>({ ...plan.keys });
  assertKeysAllowed(
    chainId,
    keys.flatMap((key) => key?.manifest ?? []),
  );
  return deployModule(connection, plan, moduleParameters(plan));
}

/** {@link deployRollup} with verifying keys of any origin. */
export async function deployModule(
  connection: NetworkConnection,
  { profile, genesis, label }: Pick<DeploymentPlan, "profile" | "genesis" | "label">,
  parameters: ModuleParameters,
): Promise<Deployment> {
  const { provider } = connection.ethers;
  const { chainId } = await provider.getNetwork();
  const genesisBlock = (await provider.getBlock(0))!.hash!;
  const deployed = await connection.ignition.deploy(rollupModule(parameters), {
    parameters: { B52: parameters },
    // A development chain that was restarted, or other parameters, are another deployment.
    deploymentId: [
      "b52",
      chainId,
      genesisBlock.slice(2, 10),
      parametersHash(parameters).slice(0, 8),
      ...(label === undefined ? [] : [label]),
    ].join("-"),
  });
  const addresses = Object.fromEntries(
    await Promise.all(
      Object.entries(deployed).map(async ([name, contract]) => [name, await contract.getAddress()] as const),
    ),
  ) as Record<keyof typeof deployed, string>;
  return {
    version: 3,
    chainId,
    genesisBlock,
    deployedAt: await startedAt(Rollup__factory.connect(addresses.rollup, provider)),
    contracts: { ...addresses, asset: addresses.token },
    asset: await describeAsset(B52Token__factory.connect(addresses.token, provider)),
    domain: (await deployed.rollup.getFunction("domain").staticCall()) as bigint,
    profile,
    chunkWords: Number(parameters["chunkWords"]),
    genesis: { root: genesis.root, supply: genesis.supply },
  };
}

async function describeAsset(asset: B52Token): Promise<Deployment["asset"]> {
  return { symbol: await asset.symbol(), decimals: Number(await asset.decimals()) };
}

/** The block in which the rollup was started: nothing that matters happened before. */
async function startedAt(rollup: Rollup): Promise<number> {
  const latest = await rollup.runner!.provider!.getBlockNumber();
  const logsOf = async (from: number, to: number) => rollup.queryFilter(rollup.filters.Started(), from, to);
  for await (const [started] of scanBackwards(0, latest, logsOf)) {
    if (started !== undefined) return started.blockNumber;
  }
  throw new Error(`rollup ${await rollup.getAddress()} was not started`);
}
