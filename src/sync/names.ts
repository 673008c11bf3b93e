import { id } from "ethers";
import type { Deployment } from "../chain/deployment.ts";

/** Tells rollups apart, also those at one address of a chain that was restarted. */
export function rollupName({ chainId, contracts, domain, started, genesis }: Deployment): string {
  const [, ...digits] = id([domain, started.hash, genesis.root].join(","));
  return `rollup ${contracts.rollup} on chain ${chainId} (deployment ${digits.slice(1, 17).join("")})`;
}

/** Tells addresses on rollups apart in names of files. The same address on another chain is another one's business. */
export const accountName = (address: string, deployment: Deployment): string =>
  `${address}-${id(rollupName(deployment)).slice(2, 18)}`;
