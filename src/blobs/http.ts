import type { Endpoint } from "../chain/url.ts";
import { BlobSourceError } from "./errors.ts";

/** Longest answer that is read: a slot's blobs as JSON are far shorter. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * Asks a server.
 * @returns the answer's body; undefined if it has nothing at the path
 * @throws {BlobSourceError} for any other answer, or none
 */
export async function fetchBytes(
  { url, headers, name }: Endpoint,
  path: string,
  { signal, accept }: { signal: AbortSignal | undefined; accept: string },
): Promise<Uint8Array | undefined> {
  const address = new URL(url);
  const [route, query = ""] = path.split("?");
  address.pathname = `${address.pathname.replace(/\/$/, "")}/${route}`;
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
    throw new BlobSourceError(name, `answers ${answer.status} to ${route}`, "200 or 404");
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += (part as Uint8Array).length;
    if (length > MAX_BYTES) throw new BlobSourceError(name, `answers more than ${MAX_BYTES} bytes`, "a blob");
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts);
}
