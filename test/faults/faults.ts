import { keccak256, Transaction } from "ethers";
import { Random } from "../../src/sim/random.ts";
import type { Behaviour, ProxiedCall, RpcProxy } from "./rpcProxy.ts";

/** What a proxy does with a call. */
export type Fault = RpcProxy["behave"];

export const SENDS = ["eth_sendRawTransaction", "eth_sendTransaction"] as const;

/** A fault of some calls; the others pass. */
export const of =
  (methods: readonly string[], fault: Fault): Fault =>
  (call) =>
    methods.includes(call.method) ? fault(call) : "pass";

/** Several at once: the first that does anything counts. */
export const all =
  (...faults: readonly Fault[]): Fault =>
  async (call) => {
    for (const fault of faults) {
      const behaviour = await fault(call);
      if (behaviour !== "pass") return behaviour;
    }
    return "pass";
  };

/** A share of the requests, drawn from a seed. */
export function some(seed: string, share: number, behaviour: Behaviour): Fault {
  const random = new Random(seed);
  let [request, isHit] = [-1, false];
  return (call) => {
    if (call.request !== request) [request, isHit] = [call.request!, random.index(1_000) < share * 1_000];
    return isHit ? behaviour : "pass";
  };
}

/** Every second call, the first included. */
export function everySecond(behaviour: Behaviour): Fault {
  let count = 0;
  return () => (count++ % 2 === 0 ? behaviour : "pass");
}

/** Only the first calls. */
export function first(calls: number, behaviour: Behaviour): Fault {
  let count = 0;
  return () => (count++ < calls ? behaviour : "pass");
}

export const tooMany: Behaviour = { status: 429, headers: { "retry-after": "0" } };
export const reserved: Behaviour = { error: { code: -32_000, message: "address already reserved" } };
export const internal: Behaviour = { error: { code: -32_603, message: "internal error" } };

/** Takes signed transactions, and forgets them. */
export const dropped: Fault = of(["eth_sendRawTransaction"], ({ params }) => ({
  result: keccak256(params[0] as string),
}));

/** Keeps no logs, and does not say so. */
export const noLogs: Fault = of(["eth_getLogs"], () => ({ result: [] }));

/** Refuses logs of more blocks. */
export const fewBlocks = (most: number): Fault =>
  of(["eth_getLogs"], ({ params }) => {
    const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
    const tooMuch = Number(toBlock) - Number(fromBlock) >= most;
    return tooMuch ? { error: { code: -32_005, message: `query exceeds max block range ${most}` } } : "pass";
  });

export const otherChain: Fault = of(["eth_chainId", "net_version"], () => ({ result: "0x1" }));

/** Is some blocks behind: knows neither them nor what is in them. */
export const behind = (proxy: RpcProxy, blocks: number): Fault => {
  const latest = async (): Promise<number> => Math.max(0, Number(await proxy.ask("eth_blockNumber")) - blocks);
  const hex = (number: number): string => `0x${number.toString(16)}`;
  return async ({ method, params }) => {
    if (method === "eth_blockNumber") return { result: hex(await latest()) };
    if (method === "eth_getTransactionReceipt") {
      const receipt = (await proxy.ask(method, params)) as { blockNumber: string } | null;
      return { result: receipt !== null && Number(receipt.blockNumber) > (await latest()) ? null : receipt };
    }
    if (method === "eth_getBlockByNumber") {
      const asked = params[0] === "latest" ? await latest() : Number(params[0]);
      if (asked > (await latest())) return { result: null };
      return { result: await proxy.ask(method, [hex(asked), params[1]]) };
    }
    const tag = params.at(-1);
    if (tag === "latest") return { result: await proxy.ask(method, [...params.slice(0, -1), hex(await latest())]) };
    return "pass";
  };
};

/**
 * geth's rule: what has the nonce of a pending transaction needs a tenth more of both fees, and the pool does not take
 * it otherwise. anvil takes less.
 */
export function tenPercentRule(proxy: RpcProxy): Fault {
  const pool = new Map<string, Transaction>();
  return of(["eth_sendRawTransaction"], async ({ params }) => {
    const sent = Transaction.from(params[0] as string);
    const place = `${sent.from} ${sent.nonce}`;
    const known = pool.get(place);
    if (known?.hash === sent.hash) return { error: { code: -32_000, message: "already known" } };
    const isPending = known !== undefined && (await proxy.ask("eth_getTransactionReceipt", [known.hash])) === null;
    const enough = (fee: bigint | null, before: bigint | null): boolean => (fee ?? 0n) * 10n >= (before ?? 0n) * 11n;
    if (
      isPending &&
      !(enough(sent.maxFeePerGas, known.maxFeePerGas) && enough(sent.maxPriorityFeePerGas, known.maxPriorityFeePerGas))
    )
      return { error: { code: -32_000, message: "replacement transaction underpriced" } };
    pool.set(place, sent);
    return "pass";
  });
}

/** geth's rule: while it has a pending transaction of an address, it takes none with blobs, or only such. */
export function reservations(proxy: RpcProxy): Fault {
  const pool = new Map<string, { readonly type: number | null; readonly hash: string | null }>();
  return of(["eth_sendRawTransaction"], async ({ params }) => {
    const { from, type, hash } = Transaction.from(params[0] as string);
    const known = pool.get(from!);
    const isPending = known !== undefined && (await proxy.ask("eth_getTransactionReceipt", [known.hash])) === null;
    if (isPending && (known.type === 3) !== (type === 3))
      return { error: { code: -32_000, message: "address already reserved" } };
    pool.set(from!, { type, hash });
    return "pass";
  });
}

/** Calls of a kind that a proxy has seen. */
export const callsOf = ({ calls }: RpcProxy, ...methods: readonly string[]): ProxiedCall[] =>
  calls.filter(({ method }) => methods.includes(method));
