import { type BaseContract, getAddress, type Log } from "ethers";
import { isDisconnect, PrunedNodeError } from "../chain/errors.ts";
import { hashAt, type L1Head, mayHaveLogs } from "../chain/head.ts";
import type { ChainClient } from "../chain/index.ts";
import { L1History } from "./history/l1History.ts";

/** Logs of the rollup's contracts in blocks that follow one another. There are no others in these blocks. */
export interface L1Span {
  readonly from: number;
  readonly to: number;
  /** In the order in which L1 has them, those of bridge and bulletin among them. */
  readonly logs: readonly Log[];
}

/** Blocks as a node is asked for their logs. */
type Blocks = { readonly blockHash: string } | { readonly fromBlock: number; readonly toBlock: number };

/** Blocks by which a node may be behind for a moment. */
const RECENT = 8;

/** Follows the logs from the deployment on, for an {@link L1History}; when L1 was reorganised it begins again. */
export class LogFollower {
  readonly #client: ChainClient;
  readonly #isTold: boolean;
  readonly #onReorganised: () => void;
  #history: L1History;
  /** The last block whose logs are in the history. */
  #scanned: Pick<L1Head, "number" | "hash"> | undefined;
  /** Hashes of the blocks at which it was read last. */
  #recent: readonly string[] = [];
  /** Logs that nobody was told of yet. */
  #untold: { readonly from: number; readonly logs: Log[] } | undefined;

  /**
   * @param isTold whether somebody is told of all logs, those of bridge and bulletin among them
   * @param onReorganised called before it begins again
   */
  constructor(client: ChainClient, isTold: boolean, onReorganised: () => void) {
    this.#client = client;
    this.#isTold = isTold;
    this.#onReorganised = onReorganised;
    this.#history = new L1History(client.deployment.profile);
  }

  /** Another one after a reorganisation. */
  get history(): L1History {
    return this.#history;
  }

  /** Whether the block of this hash is one of those that were followed last. */
  isRecent(hash: string): boolean {
    return this.#recent.includes(hash);
  }

  /** Logs that nobody was told of yet. @param to the block that was followed last */
  untold(to: number): L1Span {
    return { ...(this.#untold ?? { from: to, logs: [] }), to };
  }

  /** Somebody was told of them. */
  forgetUntold(): void {
    this.#untold = undefined;
  }

  /**
   * @param latest as it was before its logs are asked for: if it is dropped meanwhile, the next look notices
   * @returns whether it needed no logs, and nothing that is read for the view can have changed
   */
  async follow(latest: L1Head, isByHead: boolean): Promise<boolean> {
    const { deployment, rollup, registry, court } = this.#client;
    if (this.#scanned !== undefined && !(await this.#isLinked(this.#scanned, latest))) {
      this.#scanned = undefined;
      this.#recent = [];
      this.#untold = undefined;
      this.#onReorganised();
    }
    if (this.#scanned === undefined) this.#history = new L1History(deployment.profile, isByHead);
    const addresses = deployment.contracts;
    const contracts = new Map<string, Pick<BaseContract, "interface">>([
      [addresses.rollup, rollup],
      [addresses.registry, registry],
      [addresses.court, court],
    ]);
    const address = [...contracts.keys(), ...(this.#isTold ? [addresses.bridge, addresses.bulletin] : [])];
    const from = this.#scanned === undefined ? deployment.started.number : this.#scanned.number + 1;
    if (from === latest.number && !mayHaveLogs(latest, address)) {
      this.#remember(latest);
      return true;
    }
    const logs = await this.#logsSince(from, latest, address);
    if (from === deployment.started.number && logs.length === 0) throw new PrunedNodeError(from);
    for (const log of logs) {
      const event = contracts.get(getAddress(log.address))?.interface.parseLog(log);
      if (event) this.#history.apply({ name: event.name, args: event.args.toObject() });
    }
    if (this.#isTold) (this.#untold ??= { from, logs: [] }).logs.push(...logs);
    this.#remember(latest);
    return false;
  }

  /**
   * Of a range, a machine that has not got so far gives what it has without a word. So the last blocks are asked for by
   * their hashes: a block that a machine does not have is an error then.
   */
  async #logsSince(from: number, latest: L1Head, address: readonly string[]): Promise<Log[]> {
    const { provider, scan } = this.#client;
    const near = Math.max(from, latest.number - RECENT + 1);
    const logs = await scan.all(from, near - 1, async (fromBlock, toBlock) =>
      this.#logsOf(address, { fromBlock, toBlock }),
    );
    for (let number = near; number <= latest.number; number++) {
      const hash = number === latest.number ? latest.hash : await hashAt(provider, number, latest.number);
      logs.push(...(await scan.all(number, number, async () => this.#logsOf(address, { blockHash: hash! }))));
    }
    return logs;
  }

  /**
   * Anybody can fill a block with messages on the bulletin, for little gas, and many nodes refuse answers with many
   * logs. What they refuse of one block is asked for without the bulletin; of that block its messages are passed over
   * if they alone are too many, as gossip may be.
   */
  async #logsOf(address: readonly string[], blocks: Blocks): Promise<Log[]> {
    const { provider, deployment } = this.#client;
    const { bulletin } = deployment.contracts;
    const ask = async (of: readonly string[]): Promise<Log[]> => provider.getLogs({ address: [...of], ...blocks });
    try {
      return await ask(address);
    } catch (error) {
      const isOne = "blockHash" in blocks || blocks.fromBlock === blocks.toBlock;
      if (!isOne || !address.includes(bulletin) || isDisconnect(error)) throw error;
      const others = await ask(address.filter((contract) => contract !== bulletin));
      const messages = await ask([bulletin]).catch((refusal: unknown) => {
        if (isDisconnect(refusal)) throw refusal;
        return [];
      });
      return [...others, ...messages].sort((a, b) => a.index - b.index);
    }
  }

  /** Whether the blocks whose logs are in the history are still there. */
  async #isLinked({ number, hash }: Pick<L1Head, "number" | "hash">, latest: L1Head): Promise<boolean> {
    if (latest.number === number + 1) return latest.parentHash === hash;
    return (await hashAt(this.#client.provider, number, latest.number)) === hash;
  }

  #remember(latest: L1Head): void {
    this.#scanned = latest;
    this.#recent = [...this.#recent.slice(1 - RECENT), latest.hash];
  }
}
