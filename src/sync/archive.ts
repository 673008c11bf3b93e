import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { BlobUnavailableError } from "../blobs/errors.ts";
import { BlobFolder } from "../blobs/folder.ts";
import type { BlobSource } from "../blobs/source.ts";
import type { ChainClient } from "../chain/client.ts";
import { MissingBlockError } from "../chain/errors.ts";
import { knownBlock } from "../chain/head.ts";
import { makeWritableFolder } from "../chain/folders.ts";
import { roundOf } from "../protocol/round.ts";
import { takeSnapshot, writeSnapshot } from "./snapshot.ts";
import { rollupName } from "./names.ts";
import type { SyncedState } from "./syncedState.ts";

export interface Archived {
  /** Blobs that are in the archive now, whole, and how many of them were not before. */
  readonly blobs: number;
  readonly added: number;
  /** Versioned hashes of those that nobody has, or of which the node of L1 does not say when they came, and why. */
  readonly missing: readonly string[];
  /** Of the snapshot; undefined without a height. */
  readonly snapshot: string | undefined;
}

/** Snapshots that are kept, the latest ones. */
const KEPT = 7;

const SNAPSHOT = /^snapshot-(\d+)\.json$/;

/**
 * Keeps a rollup's blobs in `folder`, those of final blocks and of blocks that may become final, and a snapshot of its
 * state. L1 drops blobs after about 18 days: after that the L2 is what somebody has kept. What is there is checked, and
 * damaged files are replaced.
 * @param synced follows L1 already
 * @throws {FolderError}
 */
export async function archive(
  client: ChainClient,
  synced: SyncedState,
  source: BlobSource,
  folder: string,
  signal?: AbortSignal,
): Promise<Archived> {
  // Where there is nothing to keep yet, that nothing can be kept is to be known all the same.
  await makeWritableFolder(folder);
  const { rollup, scan, provider, deployment } = client;
  const store = new BlobFolder(folder);
  const [first, latest] = [deployment.started.number, await provider.getBlockNumber()];
  const reveals = await scan.all(first, latest, (from, to) => rollup.queryFilter(rollup.filters.Revealed(), from, to));
  const { head } = synced;
  const winners = new Set(Array.from({ length: head.height }, (_, i) => synced.block(i + 1)?.proposalId));
  const missing: string[] = [];
  let [blobs, added] = [0, 0];
  for (const { args, blockNumber } of reveals) {
    const isWanted = winners.has(args.proposalId) || roundOf(args.roundId).height > head.height;
    for (const versionedHash of isWanted ? args.blobHashes : []) {
      signal?.throwIfAborted();
      if (await store.has(versionedHash)) {
        blobs++;
        continue;
      }
      try {
        const notAfter = BigInt((await knownBlock(provider, blockNumber)).timestamp);
        // A reveal of several transactions takes no longer than its window.
        const notBefore = notAfter - (await rollup.acceptanceWindow());
        await store.put(versionedHash, await source.get({ versionedHash, notBefore, notAfter }, signal));
        blobs++;
        added++;
      } catch (error) {
        // All others are kept: what is not kept today may be nowhere tomorrow.
        if (error instanceof BlobUnavailableError) missing.push(error.message);
        else if (error instanceof MissingBlockError) missing.push(`blob ${versionedHash}: ${error.message}`);
        else throw error;
      }
    }
  }
  return { blobs, added, missing, snapshot: await keepSnapshot(synced, rollupName(deployment), folder) };
}

/**
 * Writes a snapshot of the L2 as it is, and drops the oldest ones.
 * @returns its path; undefined without a height
 * @throws {FolderError}
 */
export async function keepSnapshot(synced: SyncedState, rollup: string, folder: string): Promise<string | undefined> {
  const { height } = synced.head;
  if (height === 0) return undefined;
  const snapshot = snapshotFile(folder, height);
  await writeSnapshot(snapshot, takeSnapshot(synced, rollup));
  await dropOld(folder);
  return snapshot;
}

/** A snapshot in a folder. */
export interface KeptSnapshot {
  readonly height: number;
  readonly path: string;
  readonly bytes: number;
  /** Unix seconds of this machine. */
  readonly writtenAt: number;
}

/** The snapshots in a folder, the latest first; none where there is no folder. */
export async function keptSnapshots(folder: string): Promise<KeptSnapshot[]> {
  return Promise.all(
    (await heightsIn(folder)).map(async (height) => {
      const path = snapshotFile(folder, height);
      const { size, mtimeMs } = await stat(path);
      return { height, path, bytes: size, writtenAt: Math.floor(mtimeMs / 1_000) };
    }),
  );
}

const snapshotFile = (folder: string, height: number): string => join(folder, `snapshot-${height}.json`);

/** The latest first. */
async function heightsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.flatMap((name) => SNAPSHOT.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => b - a);
}

async function dropOld(folder: string): Promise<void> {
  for (const height of (await heightsIn(folder)).slice(KEPT)) await rm(snapshotFile(folder, height));
}
