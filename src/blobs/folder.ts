import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../chain/folders.ts";
import { BlobSourceError, BlobUnavailableError } from "./errors.ts";
import { authenticate, type BlobName, type BlobStore } from "./source.ts";

/** The file of a blob, in a folder or on a server. */
export const blobFile = (versionedHash: string): string => `${versionedHash}.blob`;

/** Blobs in a folder, a file each: a node's own store, or an archive. Files are checked when they are read. */
export class BlobFolder implements BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get name(): string {
    return `the folder ${this.#folder}`;
  }

  async get({ versionedHash }: BlobName): Promise<Uint8Array> {
    const blob = await readFile(this.#path(versionedHash)).catch((error: NodeJS.ErrnoException) => {
      throw new BlobUnavailableError(versionedHash, [
        error.code === "ENOENT" ? `${this.name} does not have it` : error.message,
      ]);
    });
    return authenticate(blob, versionedHash, this.name);
  }

  /** Whether there is a file of the blob. Nothing is read. */
  async has(versionedHash: string): Promise<boolean> {
    return stat(this.#path(versionedHash)).then(
      () => true,
      () => false,
    );
  }

  /** @throws {FolderError} */
  async put(versionedHash: string, blob: Uint8Array): Promise<void> {
    if (await this.has(versionedHash)) return;
    await makeFolder(this.#folder);
    // A reader never sees half a file, and two writers write the same bytes.
    const partial = `${this.#path(versionedHash)}.${process.pid}`;
    try {
      const file = await open(partial, "w");
      try {
        await file.writeFile(blob);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, this.#path(versionedHash));
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }

  async check(): Promise<void> {
    const found = await stat(this.#folder).catch(() => undefined);
    if (found?.isDirectory() === false) throw new BlobSourceError(this.name, "is a file", "a folder");
  }

  #path(versionedHash: string): string {
    return join(this.#folder, blobFile(versionedHash));
  }
}

/** Blobs in memory: for tests, and for whoever follows L1 for a moment. */
export class MemoryBlobs implements BlobStore {
  readonly name = "memory";
  readonly #blobs = new Map<string, Uint8Array>();

  get({ versionedHash }: Pick<BlobName, "versionedHash">): Promise<Uint8Array> {
    const found = this.#blobs.get(versionedHash);
    return found === undefined
      ? Promise.reject(new BlobUnavailableError(versionedHash, ["memory does not have it"]))
      : Promise.resolve(found);
  }

  put(versionedHash: string, blob: Uint8Array): Promise<void> {
    this.#blobs.set(versionedHash, blob);
    return Promise.resolve();
  }

  check(): Promise<void> {
    return Promise.resolve();
  }
}
