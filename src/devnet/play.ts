import { join } from "node:path";
import { Devnet, type DevnetOptions, type DevnetResult } from "./devnet.ts";
import { defaultL1 } from "./l1.ts";
import { Screen, statusLines } from "./status.ts";

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
      const { round, phase } = status.l1.round;
      screen.show(lines, `height ${round.height}, attempt ${round.attempt}: ${phase}; ${lines[1]}`);
    });
    screen.clear();
    const result = await devnet.balance();
    await devnet.stop();
    tellTraces(devnet, false, note);
    return result;
  } catch (error) {
    screen.clear();
    note("stopping all programs");
    const isFailure = !options.signal.aborted;
    if (!isFailure) await tellSums(devnet, note);
    await devnet.stop();
    tellTraces(devnet, isFailure, note);
    throw error;
  }
}

/** What sums and books may take after Ctrl+C, ms: with L1's end, all of it is over within five seconds. */
const SUMS_MS = 4_000;

/** What has been done until somebody had enough, if that can be told in time. */
async function tellSums(devnet: Devnet, note: (line: string) => void): Promise<void> {
  const late = AbortSignal.timeout(SUMS_MS);
  const isLate = new Promise<undefined>((resolve) => {
    late.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  try {
    const result = await Promise.race([devnet.balance(late), isLate]);
    if (result === undefined) note(`no sums: they were not there within ${SUMS_MS / 1_000} s`);
    else for (const [name, value] of Object.entries(result)) note(`${name}: ${value}`);
  } catch (error) {
    note(`no sums: ${(error as Error).message.split("\n", 1)[0]}`);
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
