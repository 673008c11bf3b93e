import { setTimeout as sleep } from "node:timers/promises";
import type { Provider, Signer } from "ethers";
import { chainClock, type Clock } from "../chain/clock.ts";
import { type L1Connection, openConnection } from "../chain/connection.ts";
import { environmentKey } from "../chain/privateKey.ts";
import { send } from "../chain/tx/index.ts";
import type { Patience } from "../chain/waiting.ts";
import { B52Error } from "../protocol/errors.ts";

/** The Ethereum node that a world is on. */
export interface L1 {
  readonly connection: L1Connection;
  readonly provider: Provider;
  /** An account that the node itself signs for and that has ether: the deployer. */
  readonly deployer: Signer;
  /** Moved by hand, or that of the chain. */
  readonly clock: Clock;
  /** Whether the clock is moved by hand: then nobody waits for anything. */
  readonly canTravel: boolean;
}

export interface L1Options extends Patience {
  /** Of an Ethereum node; a chain inside this process when undefined. */
  readonly url?: string | undefined;
  /** Whether to leave a clock alone that could be moved. */
  readonly isRealTime?: boolean | undefined;
  /** Told that the clock of the node at `url` is moved, and of each wait for a window where it cannot be. */
  readonly onTime?: ((line: string) => void) | undefined;
}

/** Opens Hardhat's chain inside this process, or connects to the node at `url`. */
export async function openL1({ url, isRealTime, onTime, ...patience }: L1Options = {}): Promise<L1> {
  if (url !== undefined) {
    const l1 = await l1Of(await openConnection(url, patience, environmentKey()), isRealTime, onTime);
    if (l1.canTravel) onTime?.("windows are not waited for: the clock of the node is moved ahead, for all who use it");
    return l1;
  }
  const { network } = await import("hardhat");
  return l1Of(await network.create(), isRealTime);
}

/** The L1 behind an open connection. @throws {NoAccountError} */
export async function l1Of(connection: L1Connection, isRealTime = false, onTime?: L1Options["onTime"]): Promise<L1> {
  const { provider } = connection.ethers;
  const [deployer] = await connection.ethers.getSigners();
  if (deployer === undefined) throw new NoAccountError();
  const canTravel = !isRealTime && (await canMove(connection));
  return {
    connection,
    provider,
    deployer,
    canTravel,
    clock: canTravel ? movedClock(connection) : realClock(provider, deployer, onTime),
  };
}

/** A node that signs for nobody. */
export class NoAccountError extends B52Error {
  constructor() {
    super(
      "the node signs for nobody, expected one for development with accounts of its own, or a key in B52_PRIVATE_KEY",
    );
  }
}

async function canMove({ provider }: L1Connection): Promise<boolean> {
  return provider.request({ method: "evm_increaseTime", params: ["0x0"] }).then(
    () => true,
    () => false,
  );
}

/** How long a chain may be behind the wall clock before it is taken for one that makes blocks on demand. */
const IDLE_MS = 1_000;

/** Waits, also on a chain that makes no block unless there is a transaction: then it sends an empty one. */
function realClock(provider: Provider, deployer: Signer, onTime?: L1Options["onTime"]): Clock {
  const chain = chainClock(provider);
  return {
    now: () => chain.now(),
    async until(timestamp, signal) {
      const left = Math.ceil(Number(timestamp) - Date.now() / 1_000);
      if (left > 0) onTime?.(`waits ${left} s for the end of the window`);
      const isDue = chain.until(timestamp, signal);
      const waited = new AbortController();
      const wake = Number(timestamp) * 1_000 - Date.now() + IDLE_MS;
      const nudge = sleep(Math.max(0, wake), undefined, { signal: waited.signal }).then(
        async () => send("wake", deployer, { to: await deployer.getAddress(), data: "0x" }),
        () => undefined,
      );
      await Promise.all([isDue.finally(() => waited.abort()), nudge]);
    },
  };
}

/** Nobody waits for it: it is moved to wherever somebody wants to be. */
function movedClock({ provider, ethers }: L1Connection): Clock {
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
