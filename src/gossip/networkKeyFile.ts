import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FolderError } from "../chain/folders.ts";
import { fileFault } from "../chain/fileFault.ts";
import { createFile } from "../chain/newFile.ts";
import { B52Error } from "../protocol/errors.ts";
import { NetworkKey } from "./identity.ts";

/** A file that should hold a network key. What it holds is not shown: it may be a key. */
export class NetworkKeyFileError extends B52Error {
  constructor(path: string, found: string, options?: ErrorOptions) {
    super(
      `${path} is no network key: ${found}, expected 64 hexadecimal digits; move it away to get a new key`,
      { path, found },
      options,
    );
  }
}

/**
 * The network key that is kept in a file, which only its owner can read. A new one is drawn where there is no file: so
 * a node keeps its peer id, and its certificate stays good.
 * @throws {NetworkKeyFileError | FolderError}
 */
export async function loadNetworkKey(path: string): Promise<NetworkKey> {
  const text = (await read(path)) ?? (await create(path)) ?? (await read(path)) ?? "";
  const digits = text.trim();
  if (!/^[0-9a-f]{64}$/i.test(digits)) throw new NetworkKeyFileError(path, `it has ${digits.length} characters`);
  return new NetworkKey(Buffer.from(digits, "hex"));
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new NetworkKeyFileError(path, fileFault(cause), { cause });
  });
}

/** Writes a new key. @returns its text; undefined if another process was faster */
async function create(path: string): Promise<string | undefined> {
  const text = `${randomBytes(32).toString("hex")}\n`;
  const isNew = await createFile(path, text).catch((cause: Error) => {
    if (cause instanceof FolderError) throw cause;
    throw new NetworkKeyFileError(path, fileFault(cause), { cause });
  });
  return isNew ? text : undefined;
}
