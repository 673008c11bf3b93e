import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import type { Multiaddr } from "@multiformats/multiaddr";
import { multiaddr } from "@multiformats/multiaddr";
import { BoundedMap } from "../bounded.ts";
import { ipOf, isOnInternet, isPrivate, type Surroundings } from "./privateAddresses.ts";

/** Addresses that were named and are remembered. */
const MAX_NAMED = 512;

/** All addresses of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

const lookupAll: Lookup = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Which addresses a node dials. Anybody can name any address in the DHT, or as its own: where the Internet is, private
 * ones would have the node knock at machines of its own network. There it dials those alone that its operator or the
 * local network itself has named, and hosts that it is connected to.
 */
export class DialGate {
  readonly #lookup: Lookup;
  readonly #named = new BoundedMap<string, true>(MAX_NAMED);

  constructor(lookup: Lookup = lookupAll) {
    this.#lookup = lookup;
  }

  /** Named by somebody who may have this node dial them. */
  allow(addresses: readonly Multiaddr[]): void {
    for (const address of addresses) this.#named.set(nameOf(address), true);
  }

  /** Whether an address is not to be dialled. */
  async denies(address: Multiaddr, surroundings: Surroundings): Promise<boolean> {
    if (this.#named.has(nameOf(address))) return false;
    if (!isOnInternet(surroundings)) return false;
    const hosts = surroundings.connectionManager.getConnections().map(({ remoteAddr }) => ipOf(remoteAddr));
    const meant = await this.#resolved(address);
    return meant.some((each) => isPrivate(each) && !(isAnotherMachine(each) && hosts.includes(ipOf(each))));
  }

  /** An address with a name as those that it stands for. What has none is nobody's. */
  async #resolved(address: Multiaddr): Promise<Multiaddr[]> {
    const [, name] = /^\/dns[46]?\/([^/]+)/.exec(address.toString()) ?? [];
    if (name === undefined) return [address];
    const found = await this.#lookup(name).catch(() => []);
    return found.map((host) => multiaddr(`/${isIPv6(host) ? "ip6" : "ip4"}/${host}/tcp/1`));
  }
}

/** Without the peer that is expected there. */
const nameOf = (address: Multiaddr): string => address.toString().replace(/\/p2p\/[^/]+$/, "");

const isAnotherMachine = (address: Multiaddr): boolean => !/^\/(ip4\/127\.|ip6\/::1\/)/.test(address.toString());
