import { BlobFolder } from "../../src/blobs/folder.ts";
import { connectProvider } from "../../src/chain/provider.ts";
import { connectRollup } from "../../src/chain/client.ts";
import { readDeployment } from "../../src/chain/deployment.ts";
import { blobFolder } from "../../src/setup/folders.ts";
import { openDatabase, syncWithL1 } from "../../src/sync/index.ts";

/** Rebuilds the L2 in `database` and prints each height after it is durable. */
export async function syncOnce(url: string, deploymentFile: string, database: string): Promise<void> {
  const provider = await connectProvider(url);
  const client = await connectRollup(provider, await readDeployment(deploymentFile));
  const synced = await openDatabase(client, database);
  const blobs = new BlobFolder(blobFolder(client.deployment));
  await syncWithL1(client, synced, { location: database, blobs, onProgress: ({ height }) => console.log(height) });
  await synced.close();
  provider.destroy();
}
