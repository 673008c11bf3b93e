import type { BlobStore } from "../blobs/source.ts";
import type { ChainClient } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { SyncedState } from "../sync/syncedState.ts";
import type { Output } from "./output.ts";

/** What every command takes that works with a rollup on a chain. */
export interface RollupFlags {
  readonly rpc: string;
  readonly deployment: string;
}

/** Runs `task` with a client of the rollup that the flags name. What is waited for is said on standard error. */
export async function withRollup<T>(
  { rpc, deployment: file }: RollupFlags,
  { note }: Output,
  signal: AbortSignal,
  task: (client: ChainClient) => Promise<T>,
): Promise<T> {
  const { readDeployment } = await import("../chain/deployment.ts");
  const { connectProvider } = await import("../chain/provider.ts");
  const { connectRollup } = await import("../chain/client.ts");
  const deployment = await readDeployment(file);
  const provider = await connectProvider(rpc, { signal, onWait: note });
  try {
    return await task(await connectRollup(provider, deployment));
  } finally {
    provider.destroy();
  }
}

export interface SyncFlags extends BlobFlags {
  readonly db?: string;
  /** Where a snapshot is to begin with. */
  readonly snapshot?: string;
}

/** Where blobs come from. */
export interface BlobFlags {
  readonly beacon?: readonly string[];
  readonly archives?: readonly string[];
}

/**
 * What is kept here, then the archives, then the consensus nodes.
 * @throws {NodeAddressError} @throws {BlobSourceError} for an archive whose folder is not there
 */
export async function openBlobs(deployment: Deployment, { beacon = [], archives = [] }: BlobFlags): Promise<BlobStore> {
  const { BeaconNode, BlobFolder, openArchive, SourceList } = await import("../blobs/index.ts");
  const { blobFolder } = await import("../setup/folders.ts");
  const opened = archives.map(openArchive);
  // A server may be away for a while, a folder is there or was misspelt.
  for (const each of opened) if (each instanceof BlobFolder) await each.check();
  return new SourceList(new BlobFolder(blobFolder(deployment)), [
    ...opened,
    ...beacon.map((url) => new BeaconNode(url)),
  ]);
}

/** How often progress is shown. */
const PROGRESS_MS = 2_000;

/** Runs `task` with the L2 as L1 has it now. */
export async function withSynced<T>(
  client: ChainClient,
  flags: SyncFlags,
  { note }: Output,
  signal: AbortSignal,
  task: (synced: SyncedState, location: string, blobs: BlobStore) => Promise<T>,
): Promise<T> {
  const { openDatabase, syncWithL1 } = await import("../sync/index.ts");
  const { whenFree } = await import("./whenFree.ts");
  const { databaseFolder } = await import("../setup/folders.ts");
  const location = flags.db ?? databaseFolder(client.deployment);
  const blobs = await openBlobs(client.deployment, flags);
  const synced = await whenFree(() => openDatabase(client, location), location, { signal, note });
  try {
    await begin(client, synced, flags, note, signal);
    let shown = performance.now();
    await syncWithL1(client, synced, {
      ...{ location, blobs, signal },
      onProgress({ height, l1Block, latest, takenBack }) {
        if (performance.now() - shown < PROGRESS_MS) return;
        shown = performance.now();
        const dropped = takenBack === 0 ? "" : `, ${takenBack} taken back`;
        note(`height ${height}: block ${l1Block} of ${latest} of L1${dropped}`);
      },
    });
    return await task(synced, location, blobs);
  } finally {
    await synced.close();
  }
}

/** Takes over the snapshot that the flags name, where there is nothing yet. */
async function begin(
  client: ChainClient,
  synced: SyncedState,
  { snapshot }: SyncFlags,
  note: Output["note"],
  signal: AbortSignal,
): Promise<void> {
  if (snapshot === undefined) return;
  if (synced.head.height > 0) return note(`the database is at height ${synced.head.height}: no snapshot is needed`);
  const { fetchSnapshot, parseSnapshot, restoreSnapshot } = await import("../sync/snapshot.ts");
  const { shortUrl } = await import("../chain/url.ts");
  const name = /^https?:/i.test(snapshot) ? `at ${shortUrl(snapshot)}` : snapshot;
  await restoreSnapshot(client, synced, parseSnapshot(await fetchSnapshot(snapshot, signal), name), name);
  note(`began with the snapshot ${name} of height ${synced.head.height}`);
}
