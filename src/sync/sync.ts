import type { ChainClient } from "../chain/client.ts";
import { RefusedBlockError } from "../chain/errors.ts";
import { rangesForwards } from "../chain/scan.ts";
import { B52Error } from "../protocol/errors.ts";
import { MissingHeightError, TooDeepReorganisationError, UnusableBlockError } from "./errors.ts";
import { dataOf, decidedIn, isOnL1 } from "./l1Blocks.ts";
import type { FinalBlock, SyncedState } from "./syncedState.ts";

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
  /** Where the store is, for messages. */
  readonly location: string;
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Follows L1 up to its latest block: takes back what it has dropped, and adds what it has decided since. It may be stopped at any moment and goes on from
 * there; one height at a time is in memory.
 * @throws {UnusableBlockError} @throws {MissingHeightError} @throws {TooDeepReorganisationError}
 */
export async function syncWithL1(client: ChainClient, synced: SyncedState, options: SyncOptions): Promise<SyncProgress> {
  const { onProgress = () => undefined, signal } = options;
  let takenBack = 0;
  for (;;) {
    takenBack += await takeBackDropped(client, synced, options);
    const latest = await client.provider.getBlockNumber();
    const report = (l1Block: number): SyncProgress => {
      const progress = { height: synced.head.height, l1Block, latest, takenBack };
      onProgress(progress);
      return progress;
    };
    if (await addDecided(client, synced, latest, report, signal)) return report(latest);
  }
}

/** @returns how many heights L1 does not have any more */
async function takeBackDropped(client: ChainClient, synced: SyncedState, { location, signal }: SyncOptions): Promise<number> {
  let count = 0;
  for (;;) {
    signal?.throwIfAborted();
    const block = synced.block(synced.head.height);
    if (block === undefined || (await isOnL1(client, block.l1Block))) return count;
    if (!(await synced.takeBack())) throw new TooDeepReorganisationError(block.height, location);
    count++;
  }
}

/** @returns false if L1 was reorganised meanwhile */
async function addDecided(
  client: ChainClient,
  synced: SyncedState,
  latest: number,
  report: (l1Block: number) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const [from, to] of rangesForwards(await firstUnseen(client, synced), latest)) {
    signal?.throwIfAborted();
    // The logs are those of one chain if its last block is the same before and after.
    const end = await client.provider.getBlock(to);
    const decided = await decidedIn(client, from, to);
    if (end?.hash == null || !(await isOnL1(client, { number: to, hash: end.hash }))) return false;
    for (const block of decided) {
      signal?.throwIfAborted();
      if (block.height <= synced.head.height) continue;
      if (!(await add(client, synced, block))) return false;
      report(block.l1Block.number);
    }
    await synced.noteScanned({ number: to, hash: end.hash });
    report(to);
  }
  return true;
}

/** Adds the next height. @returns false if L1 has dropped it meanwhile */
async function add(client: ChainClient, synced: SyncedState, block: FinalBlock): Promise<boolean> {
  const { head } = synced;
  const since = synced.block(head.height)?.l1Block.number ?? client.deployment.deployedAt;
  try {
    if (block.height !== head.height + 1) throw new MissingHeightError(block.height, head.height + 1);
    await synced.append(block, await dataOf(client, block.proposalId, since, block.l1Block.number));
    return true;
  } catch (error) {
    if (!(await isOnL1(client, block.l1Block))) return false;
    if (!(error instanceof B52Error) || error instanceof MissingHeightError || error instanceof RefusedBlockError) throw error;
    throw new UnusableBlockError(block.height, block.proposalId, error);
  }
}

/** Where to go on: after what was looked at, unless L1 has dropped that. */
async function firstUnseen(client: ChainClient, synced: SyncedState): Promise<number> {
  const { scanned } = synced;
  if (scanned !== undefined && (await isOnL1(client, scanned))) return scanned.number + 1;
  return synced.block(synced.head.height)?.l1Block.number ?? client.deployment.deployedAt;
}
