import type { BlobSource } from "../blobs/source.ts";
import type { ChainClient } from "../chain/index.ts";
import type { Gossip } from "../gossip/index.ts";
import type { Log } from "../log/index.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import type { Hearing, L1Reader, Ledger } from "../roles/index.ts";
import type { SyncedState } from "../sync/syncedState.ts";
import type { ChainIndex } from "./index/chainIndex.ts";

/** A node that is connected. */
export interface Peer {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly direction: "inbound" | "outbound";
  readonly agent: string | undefined;
  readonly score: number;
}

/** What the API works with. It sends nothing to L1 and asks it for nothing but times of blocks. */
export interface ApiPorts {
  /** Of the program. */
  readonly version: string;
  readonly client: ChainClient;
  /** Feeds `index` by its `onView`. Whoever reads L1 in this process goes on reading; the API follows what is read. */
  readonly reader: Pick<L1Reader, "latest" | "watch">;
  readonly index: ChainIndex;
  /** The L2 as L1 has decided it; the follower's role keeps it up to date. */
  readonly synced: SyncedState;
  readonly ledger: Pick<Ledger, "learn" | "block">;
  /** What the node's own view of the gossip is made from. The API listens for it, nobody else. */
  readonly hearing: Hearing;
  readonly gossip: Pick<Gossip, "subscribe">;
  /** Of final blocks that were decided while the node was away. */
  readonly blobs: BlobSource;
  /** Tells the network of a transfer. @throws {B52Error} if the network does not take it */
  readonly send: (transfer: SignedTransfer) => Promise<void>;
  readonly peers: () => Promise<readonly Peer[]>;
  /** Folder of the snapshots that are written every day. */
  readonly snapshots: string;
  readonly log: Log;
}

export interface ApiOptions {
  /** Streams that may be open at once. */
  readonly maxStreams?: number;
  /** Events that a stream can go back. */
  readonly maxEvents?: number;
  /** Milliseconds between signs of life on a stream on which nothing happens. */
  readonly heartbeatMs?: number;
  /** Origin whose pages may read the API; none by default. "*": any. */
  readonly allowOrigin?: string;
  /** Snapshots that may be downloaded at once, all readers together. */
  readonly maxDownloads?: number;
  /** Snapshots whose download may begin in a minute. */
  readonly downloadsPerMinute?: number;
  /** Milliseconds that a download may take. */
  readonly downloadMs?: number;
  /** Transfers that are checked in a second, all senders together. */
  readonly transfersPerSecond?: number;
  /** Transfers that may wait for a block here. */
  readonly maxTransfers?: number;
  /** The least fee of a transfer, wei. */
  readonly minFee?: bigint;
}
