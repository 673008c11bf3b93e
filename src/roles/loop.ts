import type { SharedClock } from "./clock.ts";
import { AlreadyRevealedError } from "../chain/index.ts";
import { DutyConflictError, StaleDutyError } from "../database/index.ts";
import { ContractError, reasonOf, TransactionError } from "../chain/errors.ts";
import { RefusedMessageError } from "../gossip/index.ts";
import { type Log, type LogFields, Reminders } from "../log/index.ts";
import { AbsenceLog, absenceOf, isAbsence, RETRY_SECONDS } from "./absent.ts";
import { actionKey, type Wait, waitUntil } from "./action.ts";
import { CROWDED, isOneOf } from "./crowded.ts";
import type { L1Reader } from "./l1Reader.ts";

/** What L1 or the network says to an action that comes too late, or too early. Anybody can be first to reveal. */
const REFUSALS = [ContractError, TransactionError, AlreadyRevealedError, RefusedMessageError] as const;

/** What the own disk says to an action: there is no room for what it writes, or another promise was made. */
const OBSTACLES = [...CROWDED, DutyConflictError, StaleDutyError] as const;

/** What nobody else sees, or what has only begun. */
const PRIVATE = ["keep", "prove", "sync"];

/** L1 will never take an action, and that is nobody's fault: the role has dropped it. The cause is what L1 has said. */
export class NeedlessActionError extends Error {
  override readonly name = "NeedlessActionError";

  constructor(cause: ContractError) {
    super(reasonOf(cause), { cause });
  }
}

/** A role as the loop drives it. */
export interface Drive<A extends { readonly kind: string }> {
  /** For messages. */
  readonly name: string;
  /**
   * Looks at L1 and at what was heard, and decides. Changes nothing that anybody else could notice.
   * @param signal ends a look that takes long, as one for blobs that nobody gives
   */
  next(refused: ReadonlySet<string>, signal?: AbortSignal): Promise<A | Wait>;
  /** Persists what it must, then acts. Doing it twice does no harm. */
  perform(action: A, signal: AbortSignal): Promise<void>;
}

export interface LoopPorts {
  readonly clock: SharedClock;
  /** Wakes the role when anybody in this process has seen a new block. */
  readonly reader: Pick<L1Reader, "watch">;
  readonly waker: Waker;
  /** Tells whoever operates the role. */
  readonly log: Log;
  /**
   * The longest that a role sleeps without looking at L1, seconds. Left out if all who act on L1 share the reader, as
   * in a simulation.
   */
  readonly maxSleep?: bigint;
}

/** Wakes a role that waits. */
export class Waker {
  /** Counts what has happened, so that nothing is missed between looking and waiting. */
  #version = 0;
  #interrupt: AbortController | undefined;

  get version(): number {
    return this.#version;
  }

  wake(): void {
    this.#version++;
    this.#interrupt?.abort();
  }

  /** Waits until the moment has come or something happens. @param version seen before looking */
  async wait(clock: SharedClock, until: bigint | undefined, version: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (version !== this.#version) return;
    const interrupt = new AbortController();
    this.#interrupt = interrupt;
    const either = AbortSignal.any([signal, interrupt.signal]);
    try {
      if (until === undefined) await aborted(either);
      else await clock.until(until, either);
    } catch (error) {
      if (signal.aborted || !interrupt.signal.aborted) throw error;
    } finally {
      this.#interrupt = undefined;
    }
  }
}

/**
 * Drives a role until the signal is aborted: looks, decides, acts, waits. What L1 or the network refuses, or does not
 * have yet, is tried again later, if it is still due; meanwhile the role goes on with what comes next. What a role has
 * dropped for good is told of, and no warning. A role that
 * cannot look for that reason looks again later. All other errors end it.
 */
export async function drive<A extends { readonly kind: string }>(
  role: Drive<A>,
  { clock, reader, waker, log, maxSleep }: LoopPorts,
  signal: AbortSignal,
): Promise<void> {
  const retryAt = new Map<string, bigint>();
  const reminders = new Reminders();
  const absences = new AbsenceLog(log);
  const look = async (now: bigint): Promise<A | Wait> => {
    try {
      return await role.next(new Set(retryAt.keys()), signal);
    } catch (error) {
      // What a role forgets takes a write as well.
      if (!isAbsence(error) && !isOneOf(CROWDED, error)) throw error;
      absences.tell(error, now);
      return waitUntil(now + RETRY_SECONDS);
    }
  };
  const unwatch = reader.watch(() => waker.wake());
  let done = clock.busy();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { version } = waker;
      const now = await clock.now();
      for (const [key, moment] of retryAt) if (moment <= now) retryAt.delete(key);
      const action = await look(now);
      if (action.kind === "wait") {
        const { until } = action as Wait;
        const moments = [until, maxSleep && now + maxSleep, ...retryAt.values()].filter(
          (moment) => moment !== undefined,
        );
        const first = moments.length === 0 ? undefined : moments.reduce((a, b) => (b < a ? b : a));
        done();
        await waker.wait(clock, first, version, signal);
        done = clock.busy();
        continue;
      }
      try {
        await role.perform(action as A, signal);
        reminders.forget(actionKey(action));
        if (PRIVATE.includes(action.kind)) log.debug("done", `${action.kind} is done`, about(action));
        else log.info("done", `${action.kind} is done`, about(action));
      } catch (error) {
        if (error instanceof NeedlessActionError) {
          log.info("needless", `${action.kind} is not needed: ${error.message}`, about(action));
          continue;
        }
        if (!isAbsence(error) && !isOneOf([...REFUSALS, ...OBSTACLES], error)) throw error;
        const failedAt = await clock.now();
        retryAt.set(actionKey(action), failedAt + RETRY_SECONDS);
        if (reminders.isNews(actionKey(action), refusalOf(error), Number(failedAt)))
          log.warn("put-off", `${action.kind} is put off: ${reasonOf(error)}`, { ...about(action), error });
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unwatch();
    done();
  }
}

/** What a line about an action is about. */
function about(action: { readonly kind: string; readonly proposalId?: bigint; readonly slot?: number }): LogFields {
  const { kind, proposalId, slot } = action;
  return {
    action: kind,
    ...(proposalId !== undefined && { proposal: proposalId }),
    ...(slot !== undefined && { slot }),
  };
}

/** Why an action is refused, without the numbers that differ each time. */
const refusalOf = (error: Error): string =>
  error instanceof ContractError ? `${error.name} ${error.error}` : absenceOf(error);

async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
