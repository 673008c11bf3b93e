import { Network, type Provider } from "ethers";
import { NodeUnusableError, WrongChainError } from "../errors.ts";
import { chainIdOf, NodeProvider } from "../provider.ts";
import { rpc } from "../tx/rpc.ts";
import { callTimeoutMs } from "../transport.ts";
import { endpointOf } from "../url.ts";
import { type Patience, Waiting } from "../waiting.ts";
import type { Check } from "./member.ts";
import { NodePool, type PoolOptions, type PoolStatus } from "./pool.ts";

/** A provider for several nodes of one chain. */
export class PoolProvider extends NodeProvider {
  readonly #pool: NodePool;

  constructor(pool: NodePool, network: Network, waiting: Waiting) {
    super({ name: pool.name, ask: (calls) => pool.ask(calls) }, network, waiting);
    this.#pool = pool;
  }

  status(): PoolStatus {
    return this.#pool.status();
  }

  /** From now on a node is used only if it passes the check. @throws what is wrong with the first, if none passes */
  require(check: Check): Promise<void> {
    return this.#pool.require(check, this._network);
  }
}

/** Puts every node behind a provider to a check, be it one or several. @throws what is wrong with the first */
export const requireOfNodes = (provider: Provider, check: Check): Promise<void> =>
  provider instanceof PoolProvider ? provider.require(check) : check(provider);

/**
 * A provider for the nodes at these addresses. The chain is that of most of those that answer; nodes of others are left
 * out, and so are those that show another one later.
 * @throws {ChainUnreachableError} when none answers @throws {NodeAddressError} @throws the signal's reason
 */
export async function connectPool(
  urls: readonly string[],
  patience: Patience & Partial<Pick<PoolOptions, "perSecond" | "burst" | "timeoutMs">> = {},
): Promise<PoolProvider> {
  const endpoints = urls.map((url) => endpointOf(url));
  const waiting = new Waiting(patience);
  const { timeoutMs = callTimeoutMs() } = patience;
  const pool = new NodePool(endpoints, { ...patience, waiting, timeoutMs });
  const answers = await Promise.allSettled(endpoints.map(async (endpoint) => chainIdOf(endpoint, waiting, timeoutMs)));
  patience.signal?.throwIfAborted();
  const ids = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const [first] = answers;
  if (first === undefined) throw new NodeUnusableError("the list of nodes", "is empty", "an address at least");
  if (ids.length === 0) throw (first as PromiseRejectedResult).reason;
  const votes = (id: bigint): number => ids.filter((one) => one === id).length;
  const chainId = ids.reduce((best, id) => (votes(id) > votes(best) ? id : best));
  const network = Network.from(chainId);
  await pool.require(async (node) => {
    const found = BigInt((await rpc(node, "eth_chainId", [])) as string);
    if (found !== chainId) throw new WrongChainError("chain id", found, chainId);
  }, network);
  return new PoolProvider(pool, network, waiting);
}
