import type { Multiaddr } from "@multiformats/multiaddr";
import { multiaddr } from "@multiformats/multiaddr";
import { BoundedMap } from "../bounded.ts";
import type { Node } from "./node.ts";

/** Peers that a node looks for. */
const TARGET_PEERS = 12;

/** Milliseconds between two looks. */
const INTERVAL_MS = 5_000;

/** Addresses of peers that were heard of and are kept. */
const MAX_CANDIDATES = 512;

/** How many dials are tried at once. */
const DIALS = 4;

/**
 * What one dial may take, and all of a look, ms. Anybody can name peers that do not exist: they must not keep a node
 * from those that it begins with, which each look tries first.
 */
const DIAL_MS = 5_000;
const LOOK_MS = 20_000;

export interface PeeringOptions {
  readonly intervalMs?: number;
  readonly dialMs?: number;
  readonly lookMs?: number;
}

/** A peer that was heard of. */
interface Candidate {
  readonly addresses: readonly Multiaddr[];
  /** Dials in a row that nobody has answered. */
  readonly failures: number;
}

/** Keeps a node connected: to those that it begins with, and to those that it hears of. */
export class Peering {
  readonly #node: Node;
  readonly #bootstrap: readonly Multiaddr[];
  readonly #candidates = new BoundedMap<string, Candidate>(MAX_CANDIDATES);
  readonly #dialMs: number;
  readonly #lookMs: number;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    node: Node,
    bootstrap: readonly string[],
    { intervalMs = INTERVAL_MS, dialMs = DIAL_MS, lookMs = LOOK_MS }: PeeringOptions = {},
  ) {
    this.#node = node;
    this.#dialMs = dialMs;
    this.#lookMs = lookMs;
    this.#bootstrap = bootstrap.map((address) => multiaddr(address));
    node.addEventListener("peer:discovery", ({ detail }) => {
      const id = detail.id.toString();
      this.#candidates.set(id, { addresses: detail.multiaddrs, failures: this.#candidates.get(id)?.failures ?? 0 });
      this.look();
    });
    this.#timer = setInterval(() => this.look(), intervalMs);
    this.look();
  }

  /** Begins to look for peers, unless it does so already. */
  look(): void {
    if (this.#stop.signal.aborted) return;
    this.#looking ??= this.#look()
      .catch(() => undefined)
      .finally(() => (this.#looking = undefined));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { signal } = this.#stop;
    const end = performance.now() + this.#lookMs;
    const bootstrap = this.#bootstrap.filter((address) => !this.#isConnected(address));
    // Who has never failed comes first, and those that were dialled in vain most often last.
    const others = shuffle(this.#candidates.entries().filter(([id]) => !this.#hasPeer(id)));
    others.sort(([, a], [, b]) => a.failures - b.failures);
    const queue = [...bootstrap.map((address) => ({ addresses: [address], id: "" })), ...others.map(named)];
    const dial = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (signal.aborted || performance.now() > end || this.#node.getPeers().length >= TARGET_PEERS) return;
        // Who does not answer is tried again in a later round.
        const limited = AbortSignal.any([signal, AbortSignal.timeout(this.#dialMs)]);
        await this.#node.dial([...next.addresses], { signal: limited }).then(
          () => this.#count(next.id, () => 0),
          () => this.#count(next.id, (failures) => failures + 1),
        );
      }
    };
    await Promise.all(Array.from({ length: DIALS }, dial));
  }

  #count(id: string, change: (failures: number) => number): void {
    const candidate = this.#candidates.get(id);
    if (candidate !== undefined) this.#candidates.set(id, { ...candidate, failures: change(candidate.failures) });
  }

  #hasPeer(id: string): boolean {
    return this.#node.getPeers().some((peer) => peer.toString() === id);
  }

  #isConnected(address: Multiaddr): boolean {
    const [own, remote] = [address.toString(), (one: Multiaddr) => one.toString()];
    return this.#node
      .getConnections()
      .some(
        ({ remoteAddr, remotePeer }) => remote(remoteAddr) === own || own.endsWith(`/p2p/${remotePeer.toString()}`),
      );
  }
}

const named = ([id, { addresses }]: readonly [string, Candidate]) => ({ id, addresses });

function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
