import { statfs } from "node:fs/promises";
import { B52Error } from "../protocol/errors.ts";

/** Bytes that must be free before anything is promised: what keeping the promise writes must find room. */
export const MIN_FREE_BYTES = 200_000_000;

/** So little room is left that what is promised now may not be kept. */
export class DiskLowError extends B52Error {
  constructor(folder: string, free: number, minimum: number) {
    super(
      `the disk of ${folder} has ${Math.floor(free / 1e6)} MB free, expected at least ${minimum / 1e6} MB: nothing ` +
        "is signed until there is room",
      { folder, free, minimum },
    );
  }
}

/** Asks the operating system for free blocks and their size in bytes. */
export type StatFs = (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;

export interface FreeSpaceOptions {
  /** Bytes; {@link MIN_FREE_BYTES} by default. */
  readonly minFree?: number;
  /** For tests. */
  readonly statFs?: StatFs;
}

/** Bytes that this user can still write to the disk of a folder. */
export async function freeBytes(folder: string, statFs: StatFs = statfs): Promise<number> {
  const { bavail, bsize } = await statFs(folder);
  return bavail * bsize;
}

/** @throws {DiskLowError} */
export async function requireFreeSpace(
  folder: string,
  { minFree = MIN_FREE_BYTES, statFs }: FreeSpaceOptions = {},
): Promise<void> {
  const free = await freeBytes(folder, statFs);
  if (free < minFree) throw new DiskLowError(folder, free, minFree);
}
