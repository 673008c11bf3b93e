import type { Stream } from "@libp2p/interface";
import { ExchangeError } from "./errors.ts";

/**
 * All that the other end sends before it closes its side.
 * @param limit bytes; more is a breach
 * @throws {ExchangeError}
 * @throws the signal's reason
 */
export async function readAll(stream: Stream, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const abort = (): void => stream.abort(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    for await (const part of stream) {
      const bytes = part instanceof Uint8Array ? part : part.subarray();
      length += bytes.length;
      if (length > limit) throw new ExchangeError("an answer", `more than ${limit} bytes`, `at most ${limit}`);
      parts.push(bytes);
    }
  } catch (error) {
    signal.throwIfAborted();
    stream.abort(error as Error);
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
  signal.throwIfAborted();
  return Buffer.concat(parts);
}

/** Sends bytes in pieces as fast as the other end takes them, and closes this side. @throws the signal's reason */
export async function sendAll(stream: Stream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    if (!stream.send(bytes.subarray(from, from + PIECE_BYTES))) await stream.onDrain({ signal });
  }
  await stream.close({ signal });
}

const PIECE_BYTES = 16_384;
