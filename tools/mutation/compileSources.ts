import { setImmediate } from "node:timers/promises";
import { Cache } from "./cache.ts";
import { type CompiledContract, compileSomehow, COMPILER } from "./solidityCompiler.ts";
import { closure, type SoliditySources } from "./soliditySources.ts";

/**
 * Compiles all contracts and tests, but those that are in a folder already.
 * @returns contracts by `path:name`
 */
export async function compileSources(
  sources: SoliditySources,
  folder: string,
  signal?: AbortSignal,
): Promise<Map<string, CompiledContract>> {
  const { content, imports } = sources;
  const cache = new Cache(folder);
  const artifacts = new Map<string, CompiledContract>();
  for (const path of new Set([...sources.deployable.values(), ...sources.tests])) {
    const parts = [...closure(path, imports)].sort().map((file) => [file, content.get(file)]);
    const contracts = await cache.get([COMPILER, path, parts], () => [...compileSomehow(path, content, imports)]);
    for (const [name, contract] of contracts) artifacts.set(`${path}:${name}`, contract);
    await setImmediate();
    signal?.throwIfAborted();
  }
  await cache.prune();
  return artifacts;
}
