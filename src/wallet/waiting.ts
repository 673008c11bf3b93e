import { z } from "zod";
import { fetchBytes } from "../blobs/http.ts";
import { endpointOf } from "../chain/url.ts";
import { decodeTransfer } from "../protocol/messages.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { ReadApiError } from "./errors.ts";

const answer = z.object({ transfers: z.array(z.string()).max(64) });
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 65_536;

/**
 * What of an account waits at a follower, sent through its read API and not through L1. It cannot make up any: whoever
 * forecasts with them checks their signatures. It can leave some out.
 * @param api its address @throws {ReadApiError}
 */
export async function waitingTransfers(api: string, index: number): Promise<SignedTransfer[]> {
  const endpoint = endpointOf(api, "what --api has");
  try {
    const path = `v1/accounts/${index}/transfers`;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const bytes = await fetchBytes(endpoint, path, { signal, accept: "application/json", maxBytes: MAX_BYTES });
    if (bytes === undefined) throw new Error(`it has no /${path}`);
    const { transfers } = answer.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
    return transfers.map((encoded) => decodeTransfer(encoded)).filter(({ from }) => from === index);
  } catch (cause) {
    throw new ReadApiError(endpoint.name, cause as Error);
  }
}
