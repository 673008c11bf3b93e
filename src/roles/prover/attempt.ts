import { reasonOf } from "../../chain/errors.ts";
import type { Log } from "../../log/index.ts";
import { JobTakenError } from "../../database/index.ts";
import { ProvingError } from "../../proving/errors.ts";
import type { SharedClock } from "../clock.ts";
import { isAbsence } from "../absent.ts";
import { CROWDED, isOneOf } from "../crowded.ts";

/** Seconds of L1 time for which a slot rests whose proof could not be made. */
export const REST_SECONDS = 15n;

/** Who makes proofs fails, or there is no room to keep one. A lease that could not be given back runs out by itself. */
const PASSING = [ProvingError, JobTakenError, ...CROWDED] as const;

export interface AttemptPorts {
  readonly clock: Pick<SharedClock, "now" | "until">;
  readonly log: Log;
}

/**
 * Works on a slot. Whoever makes proofs may fail, L1 may be away, and the disk may be full: then the slot rests, and
 * counts as in hand until it may be tried again, so that everything else that is owed goes on.
 * @param where for the log
 * @returns what the role cannot go on after; undefined if it can
 */
export async function attempt(
  work: () => Promise<void>,
  { clock, log }: AttemptPorts,
  where: { readonly proposal: bigint; readonly slot: number },
  signal: AbortSignal,
): Promise<Error | undefined> {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) return undefined;
    if (!isOneOf(PASSING, error) && !isAbsence(error)) return error instanceof Error ? error : new Error(String(error));
    log.warn("proof-failed", `the proof of slot ${where.slot} is put off: ${reasonOf(error)}`, { ...where, error });
    await rest(clock, signal);
  }
  return undefined;
}

async function rest(clock: AttemptPorts["clock"], signal: AbortSignal): Promise<void> {
  try {
    await clock.until((await clock.now()) + REST_SECONDS, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
