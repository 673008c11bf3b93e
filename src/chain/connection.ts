import { type Provider, type Signer, type TransactionRequest, Wallet } from "ethers";
import { connectProvider, type NodeProvider } from "./provider.ts";
import type { Patience } from "./waiting.ts";

export interface RpcRequest {
  readonly method: string;
  readonly params?: unknown;
}

/** A chain with somebody who signs: what deploys needs both. Hardhat's connections are such, too. */
export interface L1Connection {
  /** As EIP-1193 has it. */
  readonly provider: { request(request: RpcRequest): Promise<unknown> };
  readonly ethers: { readonly provider: Provider; getSigners(): Promise<Signer[]> };
  /** `edr-simulated` for a chain in this process. */
  readonly networkConfig: { readonly type: string };
  close(): Promise<void>;
}

/**
 * Connects to a node. It signs itself, unless there is a key.
 * @param privateKey signs instead
 * @throws {ChainUnreachableError} @throws {NodeAddressError}
 */
export async function openConnection(
  url: string,
  patience: Patience = {},
  privateKey?: string,
): Promise<L1Connection & { readonly ethers: { readonly provider: NodeProvider } }> {
  const provider = await connectProvider(url, patience);
  const wallet = privateKey === undefined ? undefined : new Wallet(privateKey, provider);
  return {
    provider: wallet ? { request: (request) => signingRequest(provider, wallet, request) } : provider,
    ethers: { provider, getSigners: async () => (wallet ? [wallet] : provider.listAccounts()) },
    networkConfig: { type: "http" },
    close: async () => provider.destroy(),
  };
}

/** What a node would sign, `wallet` signs. */
async function signingRequest(provider: NodeProvider, wallet: Wallet, request: RpcRequest): Promise<unknown> {
  if (request.method === "eth_accounts") return [wallet.address];
  if (request.method !== "eth_sendTransaction") return provider.request(request);
  const [{ gas, ...rest }] = request.params as [TransactionRequest & { gas?: string }];
  const { chainId } = await provider.getNetwork();
  const signed = await wallet.signTransaction({ ...rest, chainId, ...(gas !== undefined && { gasLimit: gas }) });
  return provider.request({ method: "eth_sendRawTransaction", params: [signed] });
}
