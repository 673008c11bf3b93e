import { join } from "node:path";
import { BeaconNode, BlobFolder, type BlobSource, type BlobStore, openArchive, SourceList } from "../../blobs/index.ts";
import { makeFolder } from "../../chain/folders.ts";
import type { Log } from "../../log/index.ts";
import type { Settings } from "../settings/index.ts";

/** Where blobs come from. */
export interface NodeBlobs {
  /** What this node keeps itself: it serves this to peers. */
  readonly own: BlobFolder;
  /** Everything besides the own folder and peers. */
  readonly others: readonly BlobSource[];
  /** Own ones first, then peers', then archives and consensus nodes. */
  withPeers(peers: BlobSource): BlobStore;
}

/** The folder of blobs in a data folder. */
export const BLOB_FOLDER = "blobs";

export async function openBlobs({ dataDir, archives, beacon }: Settings, log: Log): Promise<NodeBlobs> {
  const folder = join(dataDir, BLOB_FOLDER);
  await makeFolder(folder);
  const own = new BlobFolder(folder);
  const others = [...archives.map(openArchive), ...beacon.map((url) => new BeaconNode(url))];
  const onWarning = (warning: string): void => log.warn("blob-not-kept", warning);
  return { own, others, withPeers: (peers) => new SourceList(own, [peers, ...others], { onWarning }) };
}
