import { setTimeout as sleep } from "node:timers/promises";
import type { RedisOptions } from "ioredis";
import { B52Error, MalformedError } from "../../protocol/errors.ts";
import { QueueUnavailableError } from "./errors.ts";

/** Milliseconds that Redis has to answer at the start. */
export const START_MS = 10_000;

/** Milliseconds between tries when Redis has gone away: it comes back by itself, or an operator brings it back. */
const MAX_PAUSE_MS = 5_000;

/** A Redis, without user and password: for messages. */
export function redisPlace(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !["redis:", "rediss:"].includes(parsed.protocol))
    throw new MalformedError("the queue", "no address of a Redis", "redis://host:port or rediss://host:port");
  return `${parsed.protocol}//${parsed.host}`;
}

/**
 * How BullMQ reaches a Redis. It keeps trying for ever once it runs.
 * @param closing ends that: BullMQ cannot end a connection that has never been there, and it would try for ever, too
 * @throws {MalformedError}
 */
export function redisOptions(url: string, closing: AbortSignal): RedisOptions & { readonly url: string } {
  redisPlace(url);
  const retryStrategy = (times: number): number | null =>
    closing.aborted ? null : Math.min(MAX_PAUSE_MS, 100 * times);
  return { url, maxRetriesPerRequest: null, retryStrategy };
}

/** Waits for Redis, at most {@link START_MS}. @throws {QueueUnavailableError} */
export async function untilReady<T>(url: string, ready: Promise<T>, milliseconds = START_MS): Promise<T> {
  const stop = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: stop.signal }).then(() => {
    throw new QueueUnavailableError(redisPlace(url), `nothing for ${milliseconds / 1_000} s`);
  });
  try {
    return await Promise.race([ready, late]);
  } catch (error) {
    if (error instanceof B52Error) throw error;
    throw new QueueUnavailableError(redisPlace(url), error instanceof Error ? error.message : String(error));
  } finally {
    stop.abort();
    late.catch(() => undefined);
  }
}

/** Milliseconds that Redis has to say goodbye. */
const CLOSE_MS = 1_000;

/** Closes what BullMQ has opened, whether Redis still answers or not. */
export async function closeAll(
  all: readonly { close(): Promise<void>; disconnect(): Promise<void> }[],
  milliseconds = CLOSE_MS,
): Promise<void> {
  const stop = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(all.map((each) => each.close())), late]);
  stop.abort();
  await Promise.race([
    Promise.allSettled(all.map((each) => each.disconnect())),
    sleep(milliseconds, undefined, { ref: false }),
  ]);
}

/** Jobs of a prover, for its workers alone. @param prover its public key */
export const queueName = (prover: string): string => `b52-proofs-${prover.slice(0, 32)}`;
