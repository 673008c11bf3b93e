import { id } from "ethers";
import type { ChainClient } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import { makeFolder } from "../chain/folders.ts";
import { LevelStore } from "../state/levelStore.ts";
import { findGenesis } from "./genesis.ts";
import { SyncedState } from "./syncedState.ts";

/**
 * The folder name of a rollup's database. A deployment on another chain, or on a chain that was restarted, has another.
 */
export function databaseName({ chainId, domain, started, genesis }: Deployment): string {
  return `${chainId}-${id([domain, started.hash, genesis.root].join(",")).slice(2, 18)}`;
}

/**
 * Opens the database in `folder`, or makes one; the genesis comes from L1. One process at a time may have it open.
 * @throws {StoreError} @throws {DamagedStoreError} @throws {WrongStoreError} @throws {UnknownGenesisError} @throws
 * {FolderError}
 */
export async function openDatabase(client: ChainClient, folder: string): Promise<SyncedState> {
  await makeFolder(folder);
  const store = await LevelStore.open(folder);
  try {
    return await SyncedState.open(store, client.deployment, () => findGenesis(client));
  } catch (error) {
    await store.close();
    throw error;
  }
}
