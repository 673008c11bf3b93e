import { setTimeout as sleep } from "node:timers/promises";
import { Devnet, type DevnetOptions } from "../../src/devnet/devnet.ts";
import type { DevnetStatus } from "../../src/devnet/status.ts";

/** Milliseconds between two looks. */
const LOOK_MS = 500;

/** Windows for machines that do something else besides, seconds. */
const WINDOWS = { proposalWindow: 30, acceptanceWindow: 120 };

export type Wanted = Partial<DevnetOptions>;

/** Starts a devnet that says only which programs end, with the seed of all its keys and its traffic printed. */
export async function startDevnet(seed: string, change: Wanted = {}): Promise<Devnet> {
  console.log(`      seed: ${seed}`);
  return Devnet.start({
    ...{ provers: 6, proposers: 2, l1: "anvil", ...WINDOWS, seed },
    note: (line) => {
      if (/ has ended /.test(line)) console.log(`      ${line}`);
    },
    signal: new AbortController().signal,
    ...change,
  });
}

/**
 * Settles with the first status that is as it should be.
 * @param what that is, for the error
 * @param seconds after which it is given up
 */
export async function until(
  devnet: Devnet,
  what: string,
  condition: (status: DevnetStatus) => boolean,
  seconds = 600,
): Promise<DevnetStatus> {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    const status = await devnet.look();
    if (condition(status)) return status;
    if (performance.now() > deadline) {
      const { round, phase } = status.l1.round;
      const now = `height ${round.height}, attempt ${round.attempt}: ${phase}; ${JSON.stringify(status.figures)}`;
      throw new Error(`not in ${seconds} s: ${what}; now ${now}; logs in ${devnet.folder}`);
    }
    await sleep(LOOK_MS);
  }
}

/** Heights that are final. */
export const reached =
  (height: number) =>
  ({ figures }: DevnetStatus): boolean =>
    figures.heights >= height;
