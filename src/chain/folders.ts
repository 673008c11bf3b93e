import { constants } from "node:fs";
import { access, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { B52Error } from "../protocol/errors.ts";
import { orNoRoom } from "./noRoom.ts";

/** No folder can be there. */
export class FolderError extends B52Error {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`there cannot be a folder ${path}: ${reason}`, { path, reason }, options);
  }
}

/**
 * Makes a folder and those above it, as far as they are missing. Not by Node's recursive `mkdir`: that never ends where
 * a file system takes no folders, as in /proc.
 * @throws {FolderError} @throws {NoRoomError}
 */
export async function makeFolder(path: string): Promise<void> {
  const code = await tryMake(path);
  if (code === "EEXIST") {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) throw new FolderError(path, "something else has this name");
  } else if (code === "ENOENT") {
    if (dirname(path) !== path) await makeFolder(dirname(path));
    if ((await tryMake(path)) === "ENOENT")
      throw new FolderError(path, `${dirname(path)} takes none, expected a place on a disk`);
  }
}

/** {@link makeFolder}, of a folder that files can be put into. @throws as that, and the system's error if none can */
export async function makeWritableFolder(path: string): Promise<void> {
  await makeFolder(path);
  await access(path, constants.W_OK);
}

/** @returns why it is not made, if that is no failure yet */
async function tryMake(path: string): Promise<"EEXIST" | "ENOENT" | undefined> {
  try {
    await mkdir(path);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" || code === "ENOENT") return code;
    if (code === "ENOTDIR") throw new FolderError(path, "one of those above it is a file", { cause: error });
    throw orNoRoom(path, error);
  }
}
