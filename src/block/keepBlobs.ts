import type { BlobStore } from "../blobs/source.ts";
import type { Draft } from "./draft.ts";

/** Puts a draft's blobs where they outlive the process, before L1 is told of them. */
export async function keepBlobs(store: Pick<BlobStore, "put">, { blobs }: Pick<Draft, "blobs">): Promise<void> {
  for (const { sidecar } of blobs) await store.put(sidecar.versionedHash, sidecar.blob);
}
