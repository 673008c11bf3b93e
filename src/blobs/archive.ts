import { existsSync } from "node:fs";
import { endpointOf } from "../chain/url.ts";
import { BlobSourceError, BlobUnavailableError } from "./errors.ts";
import { BlobFolder, blobFile } from "./folder.ts";
import { fetchBytes } from "./http.ts";
import { authenticate, type BlobName, type BlobSource } from "./source.ts";

/** What a web server gives of a folder of blobs, a file each. */
export class HttpArchive implements BlobSource {
  readonly #endpoint: ReturnType<typeof endpointOf>;

  /** @throws {NodeAddressError} */
  constructor(url: string) {
    this.#endpoint = endpointOf(url, "the address of the archive");
  }

  get name(): string {
    return `the archive ${this.#endpoint.name}`;
  }

  async get({ versionedHash }: BlobName, signal?: AbortSignal): Promise<Uint8Array> {
    const path = blobFile(versionedHash);
    const blob = await fetchBytes(this.#endpoint, path, { signal, accept: "application/octet-stream" });
    if (blob === undefined) throw new BlobUnavailableError(versionedHash, [`${this.name} does not have it`]);
    return authenticate(blob, versionedHash, this.name);
  }

  /** An archive need not list what it has: any answer is one. */
  async check(signal?: AbortSignal): Promise<void> {
    await fetchBytes(this.#endpoint, blobFile(`0x01${"0".repeat(62)}`), { signal, accept: "*/*" });
  }
}

/** A folder that somebody else fills. */
export class ArchiveFolder extends BlobFolder {
  override async check(): Promise<void> {
    await super.check();
    if (!existsSync(this.folder)) throw new BlobSourceError(this.name, "does not exist", "one that `b52 archive` made");
  }
}

/** The archive in a folder, or at an address. @throws {NodeAddressError} */
export function openArchive(place: string): BlobSource {
  return /^https?:\/\//i.test(place) ? new HttpArchive(place) : new ArchiveFolder(place);
}
