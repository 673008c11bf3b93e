import { createHash } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { FileAccessError } from "./errors.ts";

/** @throws FileAccessError */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new FileAccessError("read", path, cause);
  }
}

/**
 * Writes a file so that `path` only ever names a complete one: through a partial file that is synced and renamed.
 *
 * @param partial where the bytes go first, in the same folder; removed on failure
 * @throws FileAccessError
 */
export async function writeAtomically(
  path: string,
  pieces: Iterable<Uint8Array>,
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
  } catch (cause) {
    await rm(partial, { force: true });
    throw new FileAccessError("write", path, cause);
  }
}

/** A name that no other process or build uses. */
export function partialPath(path: string): string {
  return `${path}.${process.pid}-${++partials}.partial`;
}

let partials = 0;

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
