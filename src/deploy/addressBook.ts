import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import type { Provider } from "ethers";
import { type Deployment, readDeployment, writeDeployment } from "../chain/deployment.ts";
import { DeploymentFileError } from "../chain/errors.ts";
import { B52Error } from "../protocol/errors.ts";
import { LOCAL_CHAIN_IDS } from "../proving/keys/networks.ts";

/** A deployment file of another rollup, which is there as far as can be seen: the file may be all that tells where. */
export class DeploymentTakenError extends B52Error {
  constructor(path: string, { chainId, contracts: { rollup } }: Deployment) {
    super(
      `${path} is that of rollup ${rollup} on chain ${chainId}, expected a file for another one: name it with ` +
        "--deployment OTHER",
      { path, rollup, chainId },
    );
  }
}

/**
 * The rollup that a deployment file tells of and that must not be forgotten. Undefined: there is no file, it cannot be
 * read, or its chain, one for development, is not this one: those are begun anew all the time.
 */
export async function livingIn(path: string, provider: Provider): Promise<Deployment | undefined> {
  const found = await readBook(path);
  if (found === undefined || !LOCAL_CHAIN_IDS.includes(found.chainId)) return found;
  const [{ chainId }, genesis, started] = await Promise.all([
    provider.getNetwork(),
    provider.getBlock(0),
    provider.getBlock(found.started.number),
  ]);
  const isHere =
    chainId === found.chainId && genesis?.hash === found.genesisBlock && started?.hash === found.started.hash;
  return isHere ? found : undefined;
}

/**
 * Writes a deployment file. One of another rollup is kept beside it, as `<path>.old`.
 * @returns where it is then
 */
export async function replaceBook(path: string, deployment: Deployment): Promise<string | undefined> {
  const found = await readBook(path);
  const isOther = existsSync(path) && (found === undefined || !isSame(found, deployment));
  const old = `${path}.old`;
  if (isOther) await rename(path, old);
  await writeDeployment(path, deployment);
  return isOther ? old : undefined;
}

/** Whether both tell of the same rollup. */
export const isSame = (a: Deployment, b: Deployment): boolean =>
  a.chainId === b.chainId && a.started.hash === b.started.hash && a.contracts.rollup === b.contracts.rollup;

async function readBook(path: string): Promise<Deployment | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    return await readDeployment(path);
  } catch (error) {
    if (error instanceof DeploymentFileError) return undefined;
    throw error;
  }
}
