import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Deployment } from "../../src/chain/deployment.ts";
import { projectPath } from "../../src/setup/project.ts";

/** Removes what Ignition remembers of a chain in a process of its own, which nobody will see again. */
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
