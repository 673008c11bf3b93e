import type { Stream, StreamMessageEvent } from "@libp2p/interface";
import { ExchangeError } from "./errors.ts";

/**
 * All that the other end sends before it closes its side, which it may have done before anybody read. By events: to
 * iterate over such a stream never ends, whatever the signal says (libp2p 3.3.11).
 * @param limit bytes; more is a breach
 * @throws {ExchangeError}
 * @throws the signal's reason
 */
export async function readAll(stream: Stream, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted();
  const parts: Uint8Array[] = [];
  let length = 0;
  let unlisten = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const onMessage = ({ data }: StreamMessageEvent): void => {
        length += data.byteLength;
        if (length <= limit) parts.push(data instanceof Uint8Array ? data : data.subarray());
        else reject(new ExchangeError("an answer", `more than ${limit} bytes`, `at most ${limit}`));
      };
      // A stream ends in whichever way; what came before it was closed in order is still handed over.
      const onEnd = (): void => {
        if (!["reset", "aborted"].includes(stream.status)) return resolve();
        reject(new ExchangeError("an answer", `a stream that is ${stream.status}`, "one that is closed in order"));
      };
      const onAbort = (): void => reject(signal.reason as Error);
      stream.addEventListener("end", onEnd);
      stream.addEventListener("message", onMessage);
      signal.addEventListener("abort", onAbort);
      unlisten = () => {
        stream.removeEventListener("end", onEnd);
        stream.removeEventListener("message", onMessage);
        signal.removeEventListener("abort", onAbort);
      };
      if (stream.readableEnded) onEnd();
    });
  } catch (error) {
    stream.abort(error as Error);
    throw error;
  } finally {
    unlisten();
  }
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
