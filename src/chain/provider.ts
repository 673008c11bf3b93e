import { FetchRequest, JsonRpcProvider, Network, type JsonRpcPayload, type JsonRpcResult } from "ethers";
import { ChainUnreachableError, NodeSilentError, NodeUnusableError } from "./errors.ts";
import { callTimeoutMs, exchange, type RpcAnswer, type RpcCall, type RpcError } from "./transport.ts";
import { type Endpoint, endpointOf } from "./url.ts";
import { type Patience, Waiting } from "./waiting.ts";

const PROBE_TIMEOUT_MS = 10_000;
const POLLING_MS = 250;

/** What a node answers a call with that it refuses, as EIP-1193 has it. */
export class RpcRefusal extends Error {
  readonly code: number | undefined;
  readonly data: unknown;

  constructor({ message, code, data }: RpcError) {
    super(message);
    this.name = "RpcRefusal";
    this.code = code;
    this.data = data;
  }
}

/** A provider for one node, all of whose calls go through `exchange`: they are bounded, and end at once on a signal. */
export class NodeProvider extends JsonRpcProvider {
  readonly waiting: Waiting;
  /** Of the node, as people may see it. */
  readonly name: string;
  readonly #endpoint: Endpoint;
  readonly #timeoutMs: number;
  #nextId = 1;

  constructor(endpoint: Endpoint, network: Network, waiting: Waiting, timeoutMs = callTimeoutMs()) {
    // Nothing is cached: a sender's next nonce depends on the transaction before.
    super(new FetchRequest(endpoint.url), network, {
      staticNetwork: network,
      cacheTimeout: -1,
      pollingInterval: POLLING_MS,
    });
    this.#endpoint = endpoint;
    this.#timeoutMs = timeoutMs;
    this.name = endpoint.name;
    this.waiting = waiting;
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const calls = Array.isArray(payload) ? payload : [payload];
    return (await this.#ask(calls)) as JsonRpcResult[];
  }

  /** As EIP-1193 has it. @throws {RpcRefusal} */
  async request({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> {
    const [answer] = await this.#ask([{ id: this.#nextId++, method, params }]);
    if (answer === undefined || "error" in answer) throw new RpcRefusal(answer?.error ?? { message: "no answer" });
    return answer.result;
  }

  #ask(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    return exchange(this.#endpoint, calls, { waiting: this.waiting, timeoutMs: this.#timeoutMs });
  }
}

/** Waits without an end or a listener: for providers that are not ours. */
const NOBODY = new Waiting();

/** How to wait for what `provider`'s node does. */
export const waitingOf = (provider: unknown): Waiting => (provider instanceof NodeProvider ? provider.waiting : NOBODY);

/**
 * A provider for a node that has answered once: ethers by itself would look for a missing one for ever.
 * @param url http(s) address of its JSON-RPC endpoint, maybe with user and password
 * @throws {ChainUnreachableError} @throws {NodeAddressError} @throws the signal's reason
 */
export async function connectProvider(url: string, patience: Patience = {}): Promise<NodeProvider> {
  const endpoint = endpointOf(url);
  const waiting = new Waiting(patience);
  const timeoutMs = callTimeoutMs();
  return new NodeProvider(endpoint, Network.from(await chainIdOf(endpoint, waiting, timeoutMs)), waiting, timeoutMs);
}

async function chainIdOf(endpoint: Endpoint, waiting: Waiting, timeoutMs: number): Promise<bigint> {
  const call = { id: 1, method: "eth_chainId", params: [] };
  try {
    const limits = { timeoutMs: Math.min(timeoutMs, PROBE_TIMEOUT_MS), attempts: 3 };
    const [answer] = await exchange(endpoint, [call], { waiting, ...limits });
    if (answer && "result" in answer && /^0x[0-9a-f]+$/i.test(String(answer.result)))
      return BigInt(String(answer.result));
    throw new NodeUnusableError(endpoint.name, "does not tell its chain id", "an Ethereum node");
  } catch (error) {
    if (error instanceof NodeSilentError) throw new ChainUnreachableError(endpoint.name, error.reason, error);
    throw error;
  }
}
