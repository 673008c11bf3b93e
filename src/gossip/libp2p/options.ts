import type { BlobStore } from "../../blobs/source.ts";
import type { Log } from "../../log/index.ts";
import type { InnerChecker } from "../innerChecker.ts";
import type { NetworkKey } from "../identity.ts";
import type { PeerOptions } from "../peerOptions.ts";

/** How a node takes part in the network. */
export interface JoinNetworkOptions extends PeerOptions {
  /** Signs the node's messages, and proves to its peers whose end of a connection it is. */
  readonly key: NetworkKey;
  /** Multiaddrs, as `/ip4/0.0.0.0/tcp/9352`; port 0 takes a free one. */
  readonly listen: readonly string[];
  /** Multiaddrs by which others reach this node, where those that it listens on are not: behind NAT, for example. */
  readonly announce?: readonly string[];
  /** Multiaddrs of nodes to begin with, with or without `/p2p/`. */
  readonly bootstrap?: readonly string[];
  /** Whether it looks for further nodes by asking those that it knows. True by default. */
  readonly discovery?: boolean;
  /** Whether nodes on the same local network find each other by mDNS. False by default. */
  readonly mdns?: boolean;
  /** Whether many peers may share an address, as on loopback. By default, if it listens on loopback alone. */
  readonly isLocal?: boolean;
  /** What this node has of blobs, and serves. */
  readonly blobs: BlobStore;
  /** Checks what is inside messages, for several nodes of a process. By default the node has a thread of its own. */
  readonly checker?: InnerChecker;
  readonly log?: Log;
}
