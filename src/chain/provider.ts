import { JsonRpcProvider, Network } from "ethers";
import { z } from "zod";
import { ChainUnreachableError } from "./errors.ts";

const PROBE_TIMEOUT_MS = 10_000;
const POLLING_MS = 250;

const answer = z.object({ result: z.string().regex(/^0x[0-9a-f]+$/i, "no chain id in the answer") });

/**
 * A provider for a node that has answered once: ethers by itself would look for a missing one for ever.
 * @param url http(s) address of its JSON-RPC endpoint
 * @throws ChainUnreachableError naming the address
 */
export async function connectProvider(url: string): Promise<JsonRpcProvider> {
  const network = Network.from(await probe(url));
  // Nothing is cached: a sender's next nonce depends on the transaction before.
  return new JsonRpcProvider(url, network, { staticNetwork: network, cacheTimeout: -1, pollingInterval: POLLING_MS });
}

async function probe(url: string): Promise<bigint> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const body = answer.safeParse(await response.json().catch(() => undefined));
    if (!body.success) throw new Error("it does not speak JSON-RPC");
    return BigInt(body.data.result);
  } catch (cause) {
    throw new ChainUnreachableError(url, cause);
  }
}
