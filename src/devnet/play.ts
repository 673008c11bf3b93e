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
  try {
    await devnet.run(heights ?? Infinity, (status) => {
      const lines = statusLines(status);
      const { round, phase } = status.l1.round;
      screen.show(lines, `height ${round.height}, attempt ${round.attempt}: ${phase}; ${lines[1]}`);
    });
    screen.clear();
    const result = await devnet.balance();
    await devnet.stop();
    devnet.removeTraces(false);
    return result;
  } catch (error) {
    screen.clear();
    note("stopping all programs");
    await devnet.stop();
    const isFailure = !options.signal.aborted;
    if (isFailure) note(`logs and data are in ${devnet.folder}`);
    devnet.removeTraces(isFailure);
    throw error;
  }
}

function l1Of(wanted: string | undefined): DevnetOptions["l1"] {
  if (wanted === undefined) return defaultL1();
  return wanted === "anvil" || wanted === "hardhat" ? wanted : { url: wanted };
}
