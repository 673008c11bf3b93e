import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startL1 } from "../../src/devnet/l1.ts";
import { DevnetNode } from "../../src/devnet/node.ts";
import { openStage } from "../../src/devnet/stage.ts";

/** Seconds that a follower has been idle when it is looked at, and for how many it is watched. */
const SETTLE_SECONDS = 20;
const WATCH_SECONDS = 40;

/** What `./b52 node follower` takes while nothing happens. */
export interface IdleFollower {
  /** Resident memory of its process, MiB. */
  readonly rssMiB: number;
  /** Calls to L1 for each block of it. */
  readonly callsPerL1Block: number;
}

/** Runs a follower on an anvil of its own, on which nobody proposes, and watches it from outside. */
export async function benchIdleFollower(signal: AbortSignal, note: (line: string) => void): Promise<IdleFollower> {
  const folder = await mkdtemp(join(tmpdir(), "b52-bench-follower-"));
  const l1 = await startL1("anvil", folder, signal);
  let node: DevnetNode | undefined;
  try {
    const stage = await openStage({
      ...{ rpc: l1.url, folder, seed: "idle follower", provers: 0, proposers: 0, signal, note },
      ...{ proposalWindow: 30, acceptanceWindow: 120, label: "bench-network" },
    });
    await stage.close();
    node = new DevnetNode(stage.roles[0]!, folder);
    node.start([]);
    await node.listening(signal);
    await sleep(SETTLE_SECONDS * 1_000, undefined, { signal });
    const before = await counted(l1.program.logFile);
    await sleep(WATCH_SECONDS * 1_000, undefined, { signal });
    const after = await counted(l1.program.logFile);
    const status = await readFile(`/proc/${node.program!.pid}/status`, "utf8");
    const rssKiB = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]);
    return {
      rssMiB: Math.round(rssKiB / 1_024),
      callsPerL1Block: Math.round((10 * (after.calls - before.calls)) / (after.blocks - before.blocks)) / 10,
    };
  } finally {
    await node?.stop();
    await l1.program.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What anvil has logged: a line for each call, and one with the number of each block. */
async function counted(logFile: string): Promise<{ readonly calls: number; readonly blocks: number }> {
  const lines = (await readFile(logFile, "utf8")).split("\n");
  return {
    calls: lines.filter((line) => /^(eth|net|web3)_\w+$/.test(line.trim())).length,
    blocks: lines.filter((line) => /Block Number:/.test(line)).length,
  };
}
