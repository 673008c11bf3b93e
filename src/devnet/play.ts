import { join } from "node:path";
import { Devnet, type DevnetOptions, type DevnetResult } from "./devnet.ts";
import { defaultL1 } from "./l1.ts";
import { roundName, Screen, statusLines } from "./status.ts";

export interface PlayOptions extends Omit<DevnetOptions, "l1"> {
  /** `anvil`, `hardhat` or an address. */
  readonly l1: string | undefined;
  /** Without one it goes on until the signal. */
  readonly heights: number | undefined;
}

/** A devnet that somebody watches, from its start to its books. */
export async function playDevnet({ l1, heights, ...options }: PlayOptions): Promise<DevnetResult> {
  const screen = new Screen();
  const note = (line: string): void => screen.note(line);
  const devnet = await Devnet.start({ ...options, note, l1: l1Of(l1) });
  const { api, addresses } = devnet.follower.addresses!;
  note(`L1: ${devnet.rpc}; deployment: ${join(devnet.folder, "deployment.json")}`);
  note(`read API: ${api}/v1; bootstrap: ${addresses[0]}`);
  note("users begin now: proposers may have put the first height's blocks together before, without their transfers");
  try {
    await devnet.run(heights ?? Infinity, (status) => {
      const lines = statusLines(status);
      screen.show(lines, `${roundName(status.l1.round)}; ${lines[1]}`);
    });
    screen.clear();
    const result = await devnet.balance();
    await devnet.stop();
    tellTraces(devnet, false, note);
    return result;
  } catch (error) {
    screen.clear();
    const isTold = options.signal.aborted && (await tellSums(devnet, note));
    note("stopping all programs");
    await devnet.stop();
    tellTraces(devnet, !isTold, note);
    throw error;
  }
}

/** What sums and books may take after Ctrl+C, ms: a machine under load reads a long run from L1 for a while. */
const SUMS_MS = 60_000;

/** What a devnet takes to stop in order at most, ms. */
export const STOP_MS = SUMS_MS + 10_000;

/**
 * What has been done until somebody had enough, if that can be told in time.
 * @returns whether it has been told
 */
async function tellSums(devnet: Devnet, note: (line: string) => void): Promise<boolean> {
  note(
    `the programs are stopped, and sums made of what L1 has: at most ${SUMS_MS / 1_000} s; ` +
      "Ctrl+C again ends it on the spot, and leaves the logs",
  );
  const late = AbortSignal.timeout(SUMS_MS);
  const isLate = new Promise<undefined>((resolve) => {
    late.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  try {
    const result = await Promise.race([devnet.balance(late), isLate]);
    if (result === undefined) note(`no sums: they were not there within ${SUMS_MS / 1_000} s`);
    else for (const [name, value] of Object.entries(result)) note(`${name}: ${value}`);
    return result !== undefined;
  } catch (error) {
    note(`no sums: ${(error as Error).message.split("\n", 1)[0]}`);
    return false;
  }
}

function tellTraces(devnet: Devnet, isFailure: boolean, note: (line: string) => void): void {
  const isLeft = devnet.removeTraces(isFailure);
  note(isLeft ? `logs and data are in ${devnet.folder}` : "logs and data are removed; --keep leaves them");
}

function l1Of(wanted: string | undefined): DevnetOptions["l1"] {
  if (wanted === undefined) return defaultL1();
  return wanted === "anvil" || wanted === "hardhat" ? wanted : { url: wanted };
}
