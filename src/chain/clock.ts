import { setTimeout as sleep } from "node:timers/promises";
import type { Provider } from "ethers";
import { knownBlock } from "./head.ts";

/** The time of L1, in seconds: that of its latest block. */
export interface Clock {
  now(): Promise<bigint>;
  /** Resolves when there is a block at or after `timestamp`. @throws the signal's reason */
  until(timestamp: bigint, signal?: AbortSignal): Promise<void>;
}

/** How often a chain is asked for its time. */
const POLLING_MS = 500;

/** Waits for the blocks that a chain makes. */
export function chainClock(provider: Provider): Clock {
  const now = async (): Promise<bigint> => BigInt((await knownBlock(provider, "latest")).timestamp);
  return {
    now,
    async until(timestamp, signal) {
      for (;;) {
        signal?.throwIfAborted();
        if ((await now()) >= timestamp) return;
        await sleep(POLLING_MS, undefined, { signal });
      }
    },
  };
}
