import type { Log } from "../../log/index.ts";
import { askDialBack } from "./dialBack.ts";
import type { Node } from "./node.ts";

/** How an announced address does. */
export interface AddressReport {
  readonly address: string;
  /** "unknown" as long as no peer has tried it. */
  readonly state: "reachable" | "unreachable" | "unknown";
  /** What is wrong. */
  readonly problem: string | undefined;
}

/** Peers that try each address. One who reaches it is enough: others may be where it cannot be reached from. */
const WITNESSES = 3;

/** Milliseconds between tests: of an address that is not reached, and of one that is. */
const RETRY_MS = 60_000;
const AGAIN_MS = 3_600_000;

/** Tests whether peers reach this node at the addresses that it announces, and tells its operator if they do not. */
export class Announcement {
  readonly #node: Node;
  readonly #log: Log;
  readonly #reports: Map<string, AddressReport>;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #testing: Promise<void> | undefined;

  constructor(node: Node, addresses: readonly string[], log: Log) {
    this.#node = node;
    this.#log = log;
    this.#reports = new Map(addresses.map((address) => [address, { address, state: "unknown", problem: undefined }]));
    if (addresses.length === 0) return;
    node.addEventListener("peer:identify", this.#onPeer);
  }

  get reports(): readonly AddressReport[] {
    return [...this.#reports.values()];
  }

  /** Tests all addresses. @throws the signal's reason */
  async test(signal: AbortSignal = this.#stop.signal): Promise<readonly AddressReport[]> {
    for (const address of this.#reports.keys()) {
      const report = await this.#test(address, AbortSignal.any([signal, this.#stop.signal]));
      const before = this.#reports.get(address)!;
      this.#reports.set(address, report);
      if (report.state !== before.state || report.problem !== before.problem) this.#tell(report);
    }
    return this.reports;
  }

  async close(): Promise<void> {
    this.#node.removeEventListener("peer:identify", this.#onPeer);
    this.#stop.abort(new Error("the node leaves the network"));
    clearTimeout(this.#timer);
    await this.#testing;
  }

  readonly #onPeer = (): void => {
    if (this.reports.every(({ state }) => state === "unknown")) this.#begin();
  };

  #begin(): void {
    this.#testing ??= this.test()
      .then(() => this.#plan())
      .catch(() => undefined)
      .finally(() => (this.#testing = undefined));
  }

  #plan(): void {
    const isGood = this.reports.every(({ state }) => state === "reachable");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), isGood ? AGAIN_MS : RETRY_MS);
    this.#timer.unref();
  }

  async #test(address: string, signal: AbortSignal): Promise<AddressReport> {
    let problem: string | undefined;
    for (const peer of this.#node.getPeers().slice(0, WITNESSES)) {
      signal.throwIfAborted();
      try {
        problem = await askDialBack(this.#node, peer, address, signal);
        if (problem === undefined) return { address, state: "reachable", problem };
      } catch {
        signal.throwIfAborted(); // a peer that does not answer says nothing about the address
      }
    }
    return { address, state: problem === undefined ? "unknown" : "unreachable", problem };
  }

  #tell({ address, state, problem }: AddressReport): void {
    if (state === "reachable")
      this.#log.info("announce-reachable", "peers reach this node where it announces", { address });
    if (state !== "unreachable") return;
    const message = `peers do not reach this node at the announced address ${address}: ${problem}`;
    this.#log.warn("announce-unreachable", message, { address, problem });
  }
}
