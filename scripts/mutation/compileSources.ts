import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type CompiledContract, compileSomehow, COMPILER } from "./solidityCompiler.ts";
import { closure, type SoliditySources } from "./soliditySources.ts";

/**
 * Compiles all contracts and tests, but those that are in a folder already, by the hash of all that they are made of. What else is there
 * is removed.
 * @returns contracts by `path:name`
 */
export async function compileSources(
  sources: SoliditySources,
  folder: string,
  signal?: AbortSignal,
): Promise<Map<string, CompiledContract>> {
  await mkdir(folder, { recursive: true });
  const artifacts = new Map<string, CompiledContract>();
  const used = new Set<string>();
  for (const path of new Set([...sources.deployable.values(), ...sources.tests])) {
    const name = cacheName(path, sources);
    used.add(name);
    for (const [contract, compiled] of await compileOnce(path, sources, join(folder, name))) artifacts.set(`${path}:${contract}`, compiled);
    await setImmediate();
    signal?.throwIfAborted();
  }
  for (const name of await readdir(folder)) if (!used.has(name)) await rm(join(folder, name));
  return artifacts;
}

async function compileOnce(path: string, { content, imports }: SoliditySources, file: string): Promise<Map<string, CompiledContract>> {
  const known = await readFile(file, "utf8").catch(() => undefined);
  if (known !== undefined) return new Map(JSON.parse(known) as [string, CompiledContract][]);
  const contracts = compileSomehow(path, content, imports);
  await writeFile(file, JSON.stringify([...contracts]));
  return contracts;
}

function cacheName(path: string, { content, imports }: SoliditySources): string {
  const parts = [...closure(path, imports)].sort().map((file) => [file, content.get(file)]);
  return `${createHash("sha256")
    .update(JSON.stringify([COMPILER, path, parts]))
    .digest("hex")}.json`;
}
