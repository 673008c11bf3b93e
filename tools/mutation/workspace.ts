import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { applyMutant, type Mutant } from "./mutant.ts";
import type { Artifacts } from "./solidityTests.ts";

/** What TypeScript tests need of the project. */
const COPIED = [
  "circuits",
  "contracts",
  "src",
  "test",
  "deploy",
  "tools",
  "scripts",
  "package.json",
  "tsconfig.json",
  "hardhat.config.ts",
];
/** Circuits that tests compiled already: what a mutant is no part of is taken from there. */
const CACHED = ["build/circuits/test"];

/** Copies the project. Installed packages are shared: nothing writes to them. */
export async function createWorkspace(project: string, root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const path of COPIED) await cp(join(project, path), join(root, path), { recursive: true });
  for (const path of CACHED)
    await cp(join(project, path), join(root, path), { recursive: true }).catch(() => undefined);
  // Unoptimized and instrumented code is larger than what a chain takes.
  const config = join(root, "hardhat.config.ts");
  await writeFile(
    config,
    (await readFile(config, "utf8")).replace(
      'type: "edr-simulated"',
      'type: "edr-simulated", allowUnlimitedContractSize: true',
    ),
  );
  await symlink(join(project, "node_modules"), join(root, "node_modules"));
}

/** Does something while the file is mutated. */
export async function whileMutated<T>(root: string, mutant: Mutant, task: () => Promise<T>): Promise<T> {
  const path = join(root, mutant.path);
  const source = await readFile(path, "utf8");
  await writeFile(path, applyMutant(source, mutant));
  try {
    return await task();
  } finally {
    await writeFile(path, source);
  }
}

/** Puts contracts where Hardhat looks for them. */
export async function writeArtifacts(root: string, artifacts: Artifacts): Promise<void> {
  for (const [id, { abi, bytecode, deployedBytecode }] of artifacts) {
    const [sourceName, contractName] = id.split(":") as [string, string];
    if (!sourceName.startsWith("contracts/")) continue;
    const path = join(root, "artifacts", sourceName, `${contractName}.json`);
    await mkdir(dirname(path), { recursive: true });
    const rest = {
      linkReferences: {},
      deployedLinkReferences: {},
      immutableReferences: {},
      inputSourceName: `project/${sourceName}`,
    };
    await writeFile(
      path,
      JSON.stringify({ _format: "hh3-artifact-1", contractName, sourceName, abi, bytecode, deployedBytecode, ...rest }),
    );
  }
}
