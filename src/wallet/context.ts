import type { Signer } from "ethers";
import type { ChainClient } from "../chain/client.ts";
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
}

/** The same with what it takes to act. */
export interface WalletContext extends WalletView {
  readonly identity: WalletKeys;
  /** Of the L1 address. */
  readonly signer: Signer;
}

/** What the L2 pays in. */
export async function getAsset({ asset }: ChainClient): Promise<Asset> {
  const [symbol, decimals] = await Promise.all([asset.symbol(), asset.decimals()]);
  return { symbol, decimals: Number(decimals) };
}
