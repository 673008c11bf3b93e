import type { Endpoint } from "../chain/url.ts";
import { BlobSourceError } from "./errors.ts";

/** Longest answer that is read if nothing else is said: a slot's blobs as JSON are far shorter. */
const MAX_BYTES = 64 * 2 ** 20;

export interface FetchOptions {
  readonly signal: AbortSignal | undefined;
  readonly accept: string;
  /** Longest answer that is read. */
  readonly maxBytes?: number;
}

/**
 * Asks a server.
 * @param path below the endpoint's address; empty for that address itself
 * @returns the answer's body; undefined if it has nothing at the path
 * @throws {BlobSourceError} for any other answer, or none
 */
export async function fetchBytes(
  { url, headers, name }: Endpoint,
  path: string,
  { signal, accept, maxBytes = MAX_BYTES }: FetchOptions,
): Promise<Uint8Array | undefined> {
  const address = new URL(url);
  const [route, query = ""] = path.split("?");
  if (route !== "") address.pathname = `${address.pathname.replace(/\/$/, "")}/${route}`;
  for (const [key, value] of new URLSearchParams(query)) address.searchParams.append(key, value);
  const answer = await fetch(address, { headers: { ...headers, accept }, ...(signal && { signal }) }).catch(
    (error: unknown) => {
      signal?.throwIfAborted();
      const { cause } = error as { cause?: { message?: string } };
      throw new BlobSourceError(name, `does not answer: ${cause?.message ?? (error as Error).message}`, "an answer", {
        cause: error,
      });
    },
  );
  if (answer.status === 404) {
    await answer.body?.cancel();
    return undefined;
  }
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new BlobSourceError(name, `answers ${answer.status}${route && ` to ${route}`}`, "200 or 404");
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += (part as Uint8Array).length;
    if (length > maxBytes)
      throw new BlobSourceError(name, `answers more than ${maxBytes} bytes`, "no more than is ever needed");
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}
