import { setTimeout as sleep } from "node:timers/promises";
import { StoreLockedError } from "../state/store.ts";
import type { Output } from "./output.ts";

/** How long a command waits for another: as long as most take that prove nothing. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 200;

export interface Waiting {
  readonly signal: AbortSignal;
  readonly note: Output["note"];
  readonly patienceMs?: number;
}

/**
 * Opens a store that one process at a time may have. While another has it, which is told once, it is tried again.
 * @throws {StoreLockedError} when patience ends; whatever `open` throws else, and what the signal says
 */
export async function whenFree<T>(
  open: () => Promise<T>,
  location: string,
  { signal, note, patienceMs = PATIENCE_MS }: Waiting,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof StoreLockedError) || performance.now() >= end) throw error;
      if (attempt === 0) note(`waiting for another b52 command, which has ${location} open`);
    }
    await sleep(PAUSE_MS, undefined, { signal });
  }
}
