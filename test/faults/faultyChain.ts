import { setTimeout as sleep } from "node:timers/promises";
import { type Provider, toQuantity, Wallet } from "ethers";
import { connectProvider } from "../../src/chain/provider.ts";
import { startNode } from "../support/testNode.ts";
import { type RpcProxy, startProxy } from "./rpcProxy.ts";

const ETHER = 10n ** 18n;
const PATIENCE_MS = 20_000;

/** A development chain of its own behind a proxy that plays faults. */
export class FaultyChain {
  readonly proxy: RpcProxy;
  /** Through the proxy. */
  readonly provider: Provider;
  readonly #close: () => Promise<void>;

  private constructor(proxy: RpcProxy, provider: Provider, close: () => Promise<void>) {
    this.proxy = proxy;
    this.provider = provider;
    this.#close = close;
  }

  static async start(): Promise<FaultyChain> {
    const node = await startNode();
    const proxy = await startProxy(node.url);
    const provider = await connectProvider(proxy.url);
    return new FaultyChain(proxy, provider, async () => {
      provider.destroy();
      await proxy.close();
      await node.stop();
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Asks the node itself. */
  ask(method: string, ...params: readonly unknown[]): Promise<unknown> {
    return this.proxy.ask(method, params);
  }

  /** Somebody new with ether. */
  async rich(): Promise<Wallet> {
    const wallet = new Wallet(Wallet.createRandom().privateKey, this.provider);
    await this.ask("anvil_setBalance", wallet.address, toQuantity(100n * ETHER));
    return wallet;
  }

  /** Whether there is a block for every transaction; else only those that are asked for. */
  async automine(isOn: boolean): Promise<void> {
    await this.ask("evm_setAutomine", isOn);
  }

  /** One more block. */
  async mine(baseFee?: bigint): Promise<void> {
    if (baseFee !== undefined) await this.ask("anvil_setNextBlockBaseFeePerGas", toQuantity(baseFee));
    await this.ask("evm_mine");
  }

  async height(): Promise<number> {
    return Number(await this.ask("eth_blockNumber"));
  }

  async baseFee(): Promise<bigint> {
    const { baseFeePerGas } = (await this.ask("eth_getBlockByNumber", "latest", false)) as { baseFeePerGas: string };
    return BigInt(baseFeePerGas);
  }

  async count(address: string): Promise<number> {
    return Number(await this.ask("eth_getTransactionCount", address, "latest"));
  }
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`expected within ${PATIENCE_MS / 1_000} s: ${what}`);
    await sleep(20);
  }
}
