import { setTimeout as sleep } from "node:timers/promises";
import type { Provider, Signer } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { B52Error } from "../protocol/errors.ts";

/** The Ethereum node that the demo runs on. */
export interface L1 {
  readonly connection: NetworkConnection;
  readonly provider: Provider;
  /** An account that the node itself signs for and that has ether: the deployer. */
  readonly deployer: Signer;
  /** Whether its clock can be moved. */
  readonly canTravel: boolean;
  /** Until a block at or after `timestamp` can be mined: moves the clock, or waits. */
  until(timestamp: bigint, signal: AbortSignal): Promise<void>;
}

/** How often a clock that cannot be moved is looked at. */
const POLLING_MS = 1_000;

/** Opens Hardhat's chain inside this process, or connects to the node at `url`. */
export async function openL1(url?: string): Promise<L1> {
  const { network } = await import("hardhat");
  if (url !== undefined) {
    const { connectProvider } = await import("../chain/index.ts");
    (await connectProvider(url)).destroy();
  }
  const connection =
    url === undefined ? await network.create() : await network.create({ network: "rpc", override: { url } });
  const { provider } = connection.ethers;
  const [deployer] = await connection.ethers.getSigners();
  if (deployer === undefined) throw new NoAccountError(url ?? "the in-process chain");
  const rpc = connection.provider;
  const canTravel = await rpc.request({ method: "evm_increaseTime", params: ["0x0"] }).then(
    () => true,
    () => false,
  );
  return {
    connection,
    provider,
    deployer,
    canTravel,
    async until(timestamp, signal) {
      for (;;) {
        signal.throwIfAborted();
        const now = BigInt((await provider.getBlock("latest"))!.timestamp);
        if (now >= timestamp) return;
        if (canTravel) {
          await rpc.request({ method: "evm_increaseTime", params: [`0x${(timestamp - now).toString(16)}`] });
          await rpc.request({ method: "evm_mine", params: [] });
        } else {
          await sleep(POLLING_MS, undefined, { signal });
        }
      }
    },
  };
}

/** A node that signs for nobody. */
export class NoAccountError extends B52Error {
  constructor(node: string) {
    super(`${node} has no account of its own, expected a development node with unlocked accounts`, { node });
  }
}
