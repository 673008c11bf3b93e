import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Deployment } from "../../src/chain/deployment.ts";
import { blobFolder } from "../../src/setup/folders.ts";
import { projectPath } from "../../src/setup/project.ts";

/** Removes what is kept of a chain in a process of its own, which nobody will see again: journals and blobs. */
export async function removeJournals(chain: Deployment | Pick<Deployment, "chainId" | "genesisBlock">): Promise<void> {
  const { chainId, genesisBlock } = chain;
  if ("domain" in chain) await rm(blobFolder(chain), { recursive: true, force: true });
  const folder = projectPath("deploy", "deployments");
  for (const name of await readdir(folder)) {
    if (name.startsWith(`b52-${chainId}-${genesisBlock.slice(2, 10)}`))
      await rm(join(folder, name), { recursive: true });
  }
}
