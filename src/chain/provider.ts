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

/** Where calls go: to a node, or to several. */
export interface Node {
  /** As people may see it. */
  readonly name: string;
  /** The answers in the order of the calls. Bounded, and ends at once on a signal. */
  readonly ask: (calls: readonly RpcCall[]) => Promise<RpcAnswer[]>;
}

/** A provider all of whose calls are bounded, and end at once on a signal. */
export class NodeProvider extends JsonRpcProvider {
  readonly waiting: Waiting;
  /** Of the node, as people may see it. */
  readonly name: string;
  readonly #node: Node;
  #nextId = 1;

  constructor(node: Node, network: Network, waiting: Waiting) {
    // Nothing is cached: a sender's next nonce depends on the transaction before. Nothing is asked at the address.
    super(new FetchRequest("http://127.0.0.1"), network, {
      staticNetwork: network,
      cacheTimeout: -1,
      pollingInterval: POLLING_MS,
    });
    this.#node = node;
    this.name = node.name;
    this.waiting = waiting;
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const calls = Array.isArray(payload) ? payload : [payload];
    return (await this.#node.ask(calls)) as JsonRpcResult[];
  }

  /** As EIP-1193 has it. @throws {RpcRefusal} */
  async request({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> {
    const [answer] = await this.#node.ask([{ id: this.#nextId++, method, params }]);
    if (answer === undefined || "error" in answer) throw new RpcRefusal(answer?.error ?? { message: "no answer" });
    return answer.result;
  }
}

/** Waits without an end or a listener: for providers that are not ours. */
const NOBODY = new Waiting();

/** How to wait for what `provider`'s node does. */
export const waitingOf = (provider: unknown): Waiting => (provider instanceof NodeProvider ? provider.waiting : NOBODY);

/** What to call `provider`'s node in messages. */
export const nodeNameOf = (provider: unknown): string =>
  provider instanceof NodeProvider ? provider.name : "the node";

/**
 * A provider for a node that has answered once: ethers by itself would look for a missing one for ever.
 * @param url http(s) address of its JSON-RPC endpoint, maybe with user and password
 * @throws {ChainUnreachableError} @throws {NodeAddressError} @throws the signal's reason
 */
export async function connectProvider(url: string, patience: Patience = {}): Promise<NodeProvider> {
  const endpoint = endpointOf(url);
  const waiting = new Waiting(patience);
  const timeoutMs = callTimeoutMs();
  const chainId = await chainIdOf(endpoint, waiting, timeoutMs);
  return new NodeProvider(oneNode(endpoint, waiting, timeoutMs), Network.from(chainId), waiting);
}

/** @param timeoutMs what all attempts of a call may take together */
export const oneNode = (endpoint: Endpoint, waiting: Waiting, timeoutMs: number): Node => ({
  name: endpoint.name,
  ask: (calls) => exchange(endpoint, calls, { waiting, timeoutMs }),
});

/** The chain that a node follows. @throws {ChainUnreachableError} @throws {NodeUnusableError} */
export async function chainIdOf(endpoint: Endpoint, waiting: Waiting, timeoutMs: number): Promise<bigint> {
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
