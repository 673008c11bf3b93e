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

/** Keeps a node connected: to those that it begins with, and to those that it hears of. */
export class Peering {
  readonly #node: Node;
  readonly #bootstrap: readonly Multiaddr[];
  readonly #candidates = new BoundedMap<string, readonly Multiaddr[]>(MAX_CANDIDATES);
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(node: Node, bootstrap: readonly string[]) {
    this.#node = node;
    this.#bootstrap = bootstrap.map((address) => multiaddr(address));
    node.addEventListener("peer:discovery", ({ detail }) => {
      this.#candidates.set(detail.id.toString(), detail.multiaddrs);
      this.look();
    });
    this.#timer = setInterval(() => this.look(), INTERVAL_MS);
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
    const queue: (readonly Multiaddr[])[] = [
      ...this.#bootstrap.filter((address) => !this.#isConnected(address)).map((address) => [address]),
      ...shuffle(this.#candidates.entries().filter(([id]) => !this.#hasPeer(id))).map(([, addresses]) => addresses),
    ];
    const dial = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (this.#stop.signal.aborted || this.#node.getPeers().length >= TARGET_PEERS) return;
        // Who does not answer is tried again in the next round.
        await this.#node.dial([...next], { signal: this.#stop.signal }).catch(() => undefined);
      }
    };
    await Promise.all(Array.from({ length: DIALS }, dial));
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

function shuffle<T>(items: readonly T[]): T[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
