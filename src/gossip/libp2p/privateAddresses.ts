import { BlockList, isIPv6 } from "node:net";
import type { PeerInfo } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";

/** What is not routed on the Internet: each network has its own machines there. */
const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const)
  PRIVATE.addSubnet(net, prefix, "ipv4");
PRIVATE.addSubnet("::", 127, "ipv6"); // "any" and loopback
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");

/** The IP address in an address; undefined where it has a name. */
export function ipOf(address: Multiaddr): string | undefined {
  const [, host] = /\/ip[46]\/([^/]+)/.exec(address.toString()) ?? [];
  return host;
}

/** Whether an address means something on its own network only. A name, which may stand for any address, does not. */
export function isPrivate(address: Multiaddr): boolean {
  const host = ipOf(address);
  if (host === undefined) return /^\/dns[46]?\/localhost(\/|$)/.test(address.toString());
  return PRIVATE.check(host, isIPv6(host) ? "ipv6" : "ipv4");
}

/** Where a node is reached, and whom it is connected to. */
export interface Surroundings {
  readonly addressManager: { getAddresses(): Multiaddr[] };
  readonly connectionManager: { getConnections(): readonly { readonly remoteAddr: Multiaddr }[] };
}

/** Whether the node, or a peer that it is connected to, has a public address. */
export function isOnInternet({ addressManager, connectionManager }: Surroundings): boolean {
  const remote = connectionManager.getConnections().map(({ remoteAddr }) => remoteAddr);
  return ![...addressManager.getAddresses(), ...remote].every(isPrivate);
}

/**
 * Peers as the DHT tells of them to other peers. Only on a private network, where neither this node nor a peer of it
 * has a public address, are private ones of use: elsewhere they would have strangers dial machines of their own
 * networks, and would tell them what machines there are here.
 */
export const toldToOthers =
  (surroundings: Surroundings) =>
  (peer: PeerInfo): PeerInfo =>
    isOnInternet(surroundings)
      ? { ...peer, multiaddrs: peer.multiaddrs.filter((address) => !isPrivate(address)) }
      : peer;
