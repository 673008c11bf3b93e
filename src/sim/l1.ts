import type { Provider, Signer } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { chainClock, type Clock } from "../chain/clock.ts";
import { connectProvider } from "../chain/provider.ts";
import { B52Error } from "../protocol/errors.ts";

/** The Ethereum node that a world is on. */
export interface L1 {
  readonly connection: NetworkConnection;
  readonly provider: Provider;
  /** An account that the node itself signs for and that has ether: the deployer. */
  readonly deployer: Signer;
  /** Moved by hand, or that of the chain. */
  readonly clock: Clock;
  /** Whether the clock is moved by hand: then nobody waits for anything. */
  readonly canTravel: boolean;
}

export interface L1Options {
  /** Of an Ethereum node; a chain inside this process when undefined. */
  readonly url?: string | undefined;
  /** Whether to leave a clock alone that could be moved. */
  readonly isRealTime?: boolean | undefined;
}

/** Opens Hardhat's chain inside this process, or connects to the node at `url`. */
export async function openL1({ url, isRealTime }: L1Options = {}): Promise<L1> {
  const { network } = await import("hardhat");
  if (url !== undefined) (await connectProvider(url)).destroy();
  const connection =
    url === undefined ? await network.create() : await network.create({ network: "rpc", override: { url } });
  return l1Of(connection, isRealTime);
}

/** The L1 behind an open connection. @throws {NoAccountError} */
export async function l1Of(connection: NetworkConnection, isRealTime = false): Promise<L1> {
  const { provider } = connection.ethers;
  const [deployer] = await connection.ethers.getSigners();
  if (deployer === undefined) throw new NoAccountError(connection.networkName);
  const canTravel = !isRealTime && (await canMove(connection));
  return {
    connection,
    provider,
    deployer,
    canTravel,
    clock: canTravel ? movedClock(connection) : chainClock(provider),
  };
}

/** A node that signs for nobody. */
export class NoAccountError extends B52Error {
  constructor(node: string) {
    super(`node ${node} has no account of its own, expected a development node with unlocked accounts`, { node });
  }
}

async function canMove({ provider }: NetworkConnection): Promise<boolean> {
  return provider.request({ method: "evm_increaseTime", params: ["0x0"] }).then(
    () => true,
    () => false,
  );
}

/** Nobody waits for it: it is moved to wherever somebody wants to be. */
function movedClock({ provider, ethers }: NetworkConnection): Clock {
  const chain = chainClock(ethers.provider);
  return {
    now: () => chain.now(),
    async until(timestamp, signal) {
      signal?.throwIfAborted();
      const missing = timestamp - (await chain.now());
      if (missing <= 0n) return;
      await provider.request({ method: "evm_increaseTime", params: [`0x${missing.toString(16)}`] });
      await provider.request({ method: "evm_mine", params: [] });
    },
  };
}
