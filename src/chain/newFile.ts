import { link, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "./folders.ts";
import { orNoRoom } from "./noRoom.ts";
import { asOf, partialPath } from "./replaceFile.ts";

/**
 * Writes a new file that only its owner may read. It appears whole or not at all, and never in place of another.
 * @returns whether it did: false if there is one already
 * @throws {FolderError} @throws {NoRoomError}
 */
export async function createFile(path: string, text: string): Promise<boolean> {
  await makeFolder(dirname(path));
  const partial = partialPath(path);
  try {
    const file = await open(partial, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(partial, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw orNoRoom(path, asOf(path, partial, error));
  } finally {
    await rm(partial, { force: true });
  }
}
