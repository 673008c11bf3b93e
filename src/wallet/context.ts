import type { BlobSource } from "../blobs/source.ts";
import type { ChainClient } from "../chain/client.ts";
import type { From } from "../chain/tx/index.ts";
import type { SyncedState } from "../sync/syncedState.ts";
import type { Asset } from "./amount.ts";
import type { WalletIdentity, WalletKeys } from "./keys.ts";

/** A rollup as a wallet sees it. */
export interface WalletView {
  readonly client: ChainClient;
  readonly asset: Asset;
  readonly identity: WalletIdentity;
  /** The L2 as L1 has it now. */
  readonly synced: SyncedState;
  /** Where the blobs of blocks come from. */
  readonly blobs: BlobSource;
  /** Address of a follower's read API, that knows what was sent through it. */
  readonly api?: string | undefined;
}

/** The same with what it takes to act. */
export interface WalletContext extends WalletView {
  readonly identity: WalletKeys;
  /** Of the L1 address. */
  readonly signer: From;
}

/**
 * The L2's asset. It comes from the deployment, not from a node, which could lie about the decimals and so turn "1.5"
 * into another amount.
 */
export const getAsset = ({ deployment }: ChainClient): Asset => deployment.asset;
