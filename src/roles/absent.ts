import { BlobUnavailableError } from "../blobs/errors.ts";
import {
  ChainUnreachableError,
  isDisconnect,
  isOddAnswer,
  MissingBlockError,
  NodeSilentError,
  NodeTooEarlyError,
  NodeUnusableError,
  PrunedNodeError,
  reasonOf,
  RefusedBlockError,
} from "../chain/errors.ts";
import { MissingOperationError } from "../chain/index.ts";
import { type Log, Reminders } from "../log/index.ts";
import { MissingDataError, MissingHeightError, NodeBehindError, TooDeepReorganisationError } from "../sync/errors.ts";
import type { SharedClock } from "./clock.ts";
import { isOneOf } from "./crowded.ts";

/** Seconds of L1 time after which what failed is tried again, if it is still what comes next. */
export const RETRY_SECONDS = 15n;

const ABSENCES = [
  ...[BlobUnavailableError, MissingDataError, MissingHeightError, NodeBehindError],
  ...[ChainUnreachableError, NodeSilentError, NodeTooEarlyError, NodeUnusableError],
  // A machine that lacks logs often gives fewer, and says nothing.
  ...[MissingBlockError, MissingOperationError, PrunedNodeError, RefusedBlockError],
  // L1 may come back to what it has dropped, or its operator to another node. A role that ended would only end again.
  TooDeepReorganisationError,
] as const;

/**
 * What a node or a source of blobs says of what it does not have now, and may have in a moment. One address of a node
 * often stands for several machines, of which one lacks the block that another has told of.
 */
export const isAbsence = (error: unknown): error is Error =>
  isOneOf(ABSENCES, error) || isDisconnect(error) || isOddAnswer(error);

/** What is absent, whatever its sources say of it: that differs each time. */
export const absenceOf = (error: Error): string =>
  error instanceof BlobUnavailableError ? `${error.name} ${String(error.details.versionedHash)}` : error.name;

/** Tells the operator of what a role lacks, now and once a minute. */
export class AbsenceLog {
  readonly #log: Pick<Log, "warn">;
  readonly #reminders = new Reminders();

  constructor(log: Pick<Log, "warn">) {
    this.#log = log;
  }

  /** @param now L1 time, Unix seconds */
  tell(error: Error, now: bigint): void {
    if (this.#reminders.isNews(absenceOf(error), "", Number(now)))
      this.#log.warn("looks-again", `waits, and looks again: ${reasonOf(error)}`, { error });
  }
}

/**
 * Does what a role begins with. What that lacks is told of, and tried again until it is there.
 * @throws what `task` throws, if it is no absence @throws the signal's reason
 */
export async function untilHad<T>(
  task: () => Promise<T>,
  { clock, log }: { readonly clock: Pick<SharedClock, "now" | "until">; readonly log: Pick<Log, "warn"> },
  signal: AbortSignal,
): Promise<T> {
  const absences = new AbsenceLog(log);
  for (;;) {
    try {
      return await task();
    } catch (error) {
      signal.throwIfAborted();
      if (!isAbsence(error)) throw error;
      const now = await clock.now();
      absences.tell(error, now);
      await clock.until(now + RETRY_SECONDS, signal);
    }
  }
}
