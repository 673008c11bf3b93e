import { BlobUnavailableError } from "../blobs/errors.ts";
import type { BlobSource } from "../blobs/source.ts";
import type { ChainClient } from "../chain/client.ts";
import {
  ChainUnreachableError,
  MissingBlockError,
  NodeSilentError,
  NodeTooEarlyError,
  NodeUnusableError,
  RefusedBlockError,
} from "../chain/errors.ts";
import { rangesForwards } from "../chain/scan.ts";
import { B52Error } from "../protocol/errors.ts";
import { DamagedStoreError, StoreError } from "../state/store.ts";
import {
  MissingDataError,
  MissingHeightError,
  NodeBehindError,
  TooDeepReorganisationError,
  UnusableBlockError,
} from "./errors.ts";
import { dataOf, decidedIn, lookUp } from "./l1Blocks.ts";
import type { FinalBlock, L1Block } from "./finalBlock.ts";
import type { SyncedState } from "./syncedState.ts";

export interface SyncProgress {
  /** The last height that is here, durably. */
  readonly height: number;
  /** L1 blocks that have been looked at, up to this one. */
  readonly l1Block: number;
  /** Of L1. */
  readonly latest: number;
  /** Heights that were taken back so far, because L1 was reorganised. */
  readonly takenBack: number;
}

export interface SyncOptions {
  /** Where blocks' blobs come from. */
  readonly blobs: BlobSource;
  /** Where the store is, for messages. */
  readonly location: string;
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Follows L1 up to its latest block: takes back what it has dropped, and adds what it has decided since. It may be
 * stopped at any moment and goes on from there; one height at a time is in memory.
 * @throws {UnusableBlockError} @throws {MissingHeightError} @throws {NodeBehindError} @throws
 * {TooDeepReorganisationError}
 * @throws {MissingDataError} where the node does not tell of the final block, or of what a block has revealed
 * @throws {BlobUnavailableError} where nobody has a block's blobs
 */
export async function syncWithL1(
  client: ChainClient,
  synced: SyncedState,
  options: SyncOptions,
): Promise<SyncProgress> {
  const { onProgress = () => undefined } = options;
  let takenBack = 0;
  for (let isAgain = false; ;) {
    takenBack += await takeBackDropped(client, synced, options);
    const latest = await client.provider.getBlockNumber();
    const report = (l1Block: number): SyncProgress => {
      const progress = { height: synced.head.height, l1Block, latest, takenBack };
      onProgress(progress);
      return progress;
    };
    try {
      if (!(await addDecided(client, synced, latest, report, options))) continue;
      // Of several machines behind one address one may lack the last blocks, and give no logs of them without a word.
      const final = await client.rollup.finalProposal({ blockTag: latest });
      if (final !== synced.head.proposalId) throw new MissingDataError("decision", final);
      return report(latest);
    } catch (error) {
      if (!(error instanceof MissingHeightError || error instanceof MissingDataError)) throw error;
      const { started } = client.deployment;
      await synced.noteScanned(synced.block(synced.head.height)?.l1Block ?? started);
      if (isAgain) throw error;
      isAgain = true;
    }
  }
}

/** @returns how many heights L1 does not have any more */
async function takeBackDropped(
  client: ChainClient,
  synced: SyncedState,
  { location, signal }: SyncOptions,
): Promise<number> {
  let count = 0;
  for (;;) {
    signal?.throwIfAborted();
    const block = synced.block(synced.head.height);
    if (block === undefined) return count;
    const found = await lookUp(client, block.l1Block);
    if (found === "same") return count;
    if (found === "none") await requireReorganised(client, synced, location);
    if (await synced.takeBack()) count++;
    else if (!(await moveHeights(client, synced, location)))
      throw new TooDeepReorganisationError(block.height, location, block.height === synced.snapshotHeight);
  }
}

/**
 * Where L1 has decided all heights that are here once more, in other blocks, as after most reorganisations.
 * @returns false if it has decided others, or not all of them yet
 */
async function moveHeights(client: ChainClient, synced: SyncedState, location: string): Promise<boolean> {
  const latest = await client.provider.getBlockNumber();
  const end = await blockAt(client, latest, location);
  const decided = await decidedIn(client, client.deployment.started.number, latest);
  // If L1 was reorganised meanwhile, the next look at the last height notices.
  if (!(await isStillThere(client, end, location))) return true;
  return synced.move(decided.filter(({ height }) => height <= synced.head.height));
}

/**
 * Called when the node does not have the block that decided the last height. If the node has another block where an
 * older height was decided, L1 was reorganised and is still shorter. If the node agrees on all blocks that it has, it
 * is behind, as one of a provider's many machines may be: then no height is forgotten.
 * @throws {NodeBehindError}
 */
async function requireReorganised(client: ChainClient, synced: SyncedState, location: string): Promise<void> {
  const latest = await client.provider.getBlockNumber();
  const { height } = synced.head;
  for (let older = height; older > 0; older--) {
    const { l1Block } = synced.block(older)!;
    const found = l1Block.number > latest ? "none" : await lookUp(client, l1Block);
    if (found === "other") return;
    if (found === "same") break;
  }
  throw new NodeBehindError(synced.block(height)!.l1Block.number, latest, location);
}

/** A block of L1 that the node has told of. @throws {NodeBehindError} */
async function blockAt({ provider }: ChainClient, number: number, location: string): Promise<L1Block> {
  const hash = (await provider.getBlock(number))?.hash;
  if (!hash) throw new NodeBehindError(number, await provider.getBlockNumber(), location);
  return { number, hash };
}

/** Whether L1 still has a block that it had a moment ago. @throws {NodeBehindError} */
async function isStillThere(client: ChainClient, block: L1Block, location: string): Promise<boolean> {
  const found = await lookUp(client, block);
  if (found === "none") throw new NodeBehindError(block.number, await client.provider.getBlockNumber(), location);
  return found === "same";
}

/** @returns false if L1 was reorganised meanwhile */
async function addDecided(
  client: ChainClient,
  synced: SyncedState,
  latest: number,
  report: (l1Block: number) => void,
  options: SyncOptions,
): Promise<boolean> {
  const { location, signal } = options;
  for (const [from, to] of rangesForwards(await firstUnseen(client, synced), latest)) {
    signal?.throwIfAborted();
    // All logs come from one chain if the last block is the same before and after they were asked for.
    const end = await blockAt(client, to, location);
    const decided = await decidedIn(client, from, to);
    if (!(await isStillThere(client, end, location))) return false;
    for (const block of decided) {
      signal?.throwIfAborted();
      if (block.height <= synced.head.height) continue;
      if (!(await add(client, synced, block, options))) return false;
      report(block.l1Block.number);
    }
    await synced.noteScanned(end);
    report(to);
  }
  return true;
}

/** Errors that say nothing of the block. */
const ELSEWHERE = [
  ...[MissingHeightError, MissingDataError, MissingBlockError, RefusedBlockError, BlobUnavailableError],
  ...[ChainUnreachableError, NodeSilentError, NodeTooEarlyError, NodeUnusableError],
  ...[StoreError, DamagedStoreError],
] as const;

/** Adds the next height. @returns false if L1 has dropped it meanwhile */
async function add(
  client: ChainClient,
  synced: SyncedState,
  block: FinalBlock,
  { blobs, location, signal }: SyncOptions,
): Promise<boolean> {
  const { head } = synced;
  const since = synced.block(head.height)?.l1Block.number ?? client.deployment.started.number;
  try {
    if (block.height !== head.height + 1) throw new MissingHeightError(block.height, head.height + 1);
    const range = { from: since, to: block.l1Block.number };
    await synced.append(block, await dataOf(client, blobs, block.proposalId, range, signal));
    return true;
  } catch (error) {
    if (!(await isStillThere(client, block.l1Block, location))) return false;
    if (!(error instanceof B52Error) || ELSEWHERE.some((type) => error instanceof type)) throw error;
    throw new UnusableBlockError(block.height, block.proposalId, error);
  }
}

/**
 * Where to go on: after the last block that was looked at. If the node does not have that block, from the last height
 * on, which the node has.
 */
async function firstUnseen(client: ChainClient, synced: SyncedState): Promise<number> {
  const { scanned } = synced;
  if (scanned !== undefined && (await lookUp(client, scanned)) === "same") return scanned.number + 1;
  return synced.block(synced.head.height)?.l1Block.number ?? client.deployment.started.number;
}
