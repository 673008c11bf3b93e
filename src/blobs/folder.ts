import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../chain/replaceFile.ts";
import { makeFolder } from "../chain/folders.ts";
import { BlobSourceError, BlobUnavailableError, WrongBlobError } from "./errors.ts";
import { authenticate, type BlobName, type BlobStore } from "./source.ts";

/** The file of a blob, in a folder or on a server. */
export const blobFile = (versionedHash: string): string => `${versionedHash}.blob`;

/** Blobs in a folder, a file each: a node's own store, or an archive. Files are checked when they are read. */
export class BlobFolder implements BlobStore {
  protected readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  get name(): string {
    return `the folder ${this.folder}`;
  }

  async get({ versionedHash }: Pick<BlobName, "versionedHash">): Promise<Uint8Array> {
    const blob = await readFile(this.#path(versionedHash)).catch((error: NodeJS.ErrnoException) => {
      throw new BlobUnavailableError(versionedHash, [
        error.code === "ENOENT" ? `${this.name} does not have it` : error.message,
      ]);
    });
    return authenticate(blob, versionedHash, this.name);
  }

  /** Whether the blob is there, whole: its file is read and checked. */
  async has(versionedHash: string): Promise<boolean> {
    return this.get({ versionedHash }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof BlobUnavailableError || error instanceof WrongBlobError) return false;
        throw error;
      },
    );
  }

  /** @throws {FolderError} */
  async put(versionedHash: string, blob: Uint8Array): Promise<void> {
    const path = this.#path(versionedHash);
    const found = await readFile(path).catch(() => undefined);
    if (found?.equals(blob)) return;
    await makeFolder(this.folder);
    await replaceFile(path, [blob]);
  }

  async check(): Promise<void> {
    const found = await stat(this.folder).catch(() => undefined);
    if (found?.isDirectory() === false) throw new BlobSourceError(this.name, "is a file", "a folder");
  }

  #path(versionedHash: string): string {
    return join(this.folder, blobFile(versionedHash));
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
