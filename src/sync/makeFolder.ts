import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { B52Error } from "../protocol/errors.ts";

/** Something else is where a folder is to be. */
export class NotAFolderError extends B52Error {
  constructor(path: string) {
    super(`${path} is not a folder, expected one or nothing there`, { path });
  }
}

/** Nothing can be made there, as in /proc. */
export class NoFolderError extends B52Error {
  constructor(path: string, cause: Error) {
    super(`${path} cannot be made, expected a place where folders can be: ${cause.message}`, { path }, { cause });
  }
}

/**
 * Makes a folder and those above it. Not with Node's recursive `mkdir`, which never ends where the system has no place for folders.
 * @throws {NotAFolderError} @throws {NoFolderError}
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path).catch((cause: NodeJS.ErrnoException) => {
    // Another process may have been faster.
    if (cause.code === "ENOENT") throw new NoFolderError(path, cause);
    if (cause.code !== "EEXIST") throw cause;
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What is above it is named then.
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
  throw new NotAFolderError(path);
}
