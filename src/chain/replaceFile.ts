import { open, rename, rm } from "node:fs/promises";
import { threadId } from "node:worker_threads";
import { orNoRoom } from "./noRoom.ts";

/**
 * Writes a file so that `path` only ever names a complete one: through a partial file that is synced and renamed.
 * @param partial where the bytes go first, in the same folder; removed on failure
 * @throws {NoRoomError}
 */
export async function replaceFile(
  path: string,
  pieces: Iterable<Uint8Array | string>,
  partial = partialPath(path),
): Promise<void> {
  try {
    const file = await open(partial, "w");
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw orNoRoom(path, asOf(path, partial, error));
  }
}

/** An error of a partial file as one of the file that is written: its own name is nobody's business. */
export function asOf(path: string, partial: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  error.message = error.message.replaceAll(partial, path);
  const fault = error as NodeJS.ErrnoException;
  if (fault.path === partial) fault.path = path;
  return error;
}

/** A name that no other process, thread or writer uses. */
export function partialPath(path: string): string {
  return `${path}.${process.pid}-${threadId}-${++partials}.partial`;
}

let partials = 0;
