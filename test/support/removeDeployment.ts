import { globSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "../../src/chain/deployment.ts";
import { blobFolder } from "../../src/setup/folders.ts";
import { accountName } from "../../src/sync/index.ts";
import { projectPath } from "../../src/setup/project.ts";

/** Removes what is kept of a rollup on a chain that nobody will see again: journals, blobs, locks, what was sent. */
export async function removeDeployment(deployment: Deployment): Promise<void> {
  await rm(blobFolder(deployment), { recursive: true, force: true });
  const rollup = accountName("", deployment);
  for (const path of globSync(join(homedir(), ".b52", "{locks,transactions}", `*${rollup}*`)))
    await rm(path, { recursive: true });
  await removeJournals(deployment);
}

/** Removes the journals of all deployments on such a chain. */
export async function removeJournals({
  chainId,
  genesisBlock,
}: Pick<Deployment, "chainId" | "genesisBlock">): Promise<void> {
  const folder = projectPath("deploy", "deployments");
  for (const name of await readdir(folder)) {
    if (name.startsWith(`b52-${chainId}-${genesisBlock.slice(2, 10)}`))
      await rm(join(folder, name), { recursive: true });
  }
}
