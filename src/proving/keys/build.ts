import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { partialPath } from "../../chain/replaceFile.ts";
import { B52Error } from "../../protocol/errors.ts";
import { CancelledError, FileAccessError, KeyBuildError } from "../errors.ts";
import { sha256 } from "../files.ts";
import { ThreadPool } from "../../threads/threads.ts";
import type { BuildTask } from "./build.worker.ts";
import { type ProvingKey, loadKey, manifestPathOf } from "./provingKey.ts";

/** What a key is built for. */
export interface KeyCircuit {
  readonly name: string;
  /** Changes whenever the circuit does. */
  readonly hash: string;
  readonly r1csPath: string;
}

export interface KeyProgress {
  readonly circuit: string;
  /** Share done, 0 to 1. */
  readonly share: number;
  /** The key was there already. */
  readonly cached: boolean;
}

export interface BuildKeysOptions {
  /** Folder of the keys and their manifests; created when missing. */
  readonly buildDir: string;
  /** Keys built at a time, 2 by default; each takes a core. */
  readonly threads?: number;
  readonly onProgress?: (progress: KeyProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Development keys of the circuits, in their order: loaded when a sound one is there for the circuit's hash, built
 * otherwise. A half-written or damaged key is never taken: it is built again.
 *
 * @throws KeyBuildError naming the circuit @throws CancelledError @throws FileAccessError
 */
export async function buildKeys(
  circuits: readonly KeyCircuit[],
  { buildDir, threads = 2, onProgress = () => undefined, signal }: BuildKeysOptions,
): Promise<ProvingKey[]> {
  if (signal?.aborted) throw new CancelledError("building keys", signal.reason);
  await mkdir(buildDir, { recursive: true }).catch((cause: unknown) => {
    throw new FileAccessError("write", buildDir, cause);
  });
  const found = await Promise.all(circuits.map((circuit) => findKey(circuit, buildDir)));
  circuits.forEach(({ name }, i) => found[i] && onProgress({ circuit: name, share: 1, cached: true }));

  const missing = circuits.filter((_, i) => !found[i]);
  if (missing.length > 0) await buildMissing(missing, buildDir, threads, onProgress, signal);
  return Promise.all(
    circuits.map(
      async (circuit, i) => found[i] ?? loadKey(manifestPathOf(zkeyPathOf(circuit, buildDir)), circuit.hash),
    ),
  );
}

/** The name carries the circuit's hash, so that keys of several versions and profiles lie side by side. */
function zkeyPathOf({ name, hash }: KeyCircuit, buildDir: string): string {
  return join(buildDir, `${name}-${sha256(Buffer.from(hash)).slice(0, 16)}.zkey`);
}

async function findKey(circuit: KeyCircuit, buildDir: string): Promise<ProvingKey | undefined> {
  try {
    return await loadKey(manifestPathOf(zkeyPathOf(circuit, buildDir)), circuit.hash);
  } catch (error) {
    if (error instanceof B52Error) return undefined;
    throw error;
  }
}

async function buildMissing(
  circuits: readonly KeyCircuit[],
  buildDir: string,
  threads: number,
  onProgress: (progress: KeyProgress) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pool = new ThreadPool<BuildTask, void, number>(new URL("./build.worker.ts", import.meta.url), threads);
  const partials: string[] = [];
  const build = async ({ name, hash, r1csPath }: KeyCircuit): Promise<void> => {
    const zkeyPath = zkeyPathOf({ name, hash, r1csPath }, buildDir);
    const partial = partialPath(zkeyPath);
    partials.push(partial);
    try {
      await pool.run(
        { circuit: name, circuitHash: hash, r1csPath, zkeyPath, partialPath: partial },
        (share) => onProgress({ circuit: name, share, cached: false }),
        signal,
      );
    } catch (cause) {
      throw signal?.aborted
        ? new CancelledError(`building the key of ${name}`, signal.reason)
        : new KeyBuildError(name, cause);
    }
  };
  try {
    // The largest first, so that the threads end together.
    const sizes = new Map(
      await Promise.all(circuits.map(async (circuit) => [circuit, await sizeOf(circuit)] as const)),
    );
    await Promise.all([...circuits].sort((a, b) => sizes.get(b)! - sizes.get(a)!).map(build));
  } finally {
    await pool.close();
    await Promise.all(partials.map((partial) => rm(partial, { force: true })));
  }
}

async function sizeOf({ name, r1csPath }: KeyCircuit): Promise<number> {
  try {
    return (await stat(r1csPath)).size;
  } catch (cause) {
    throw new KeyBuildError(name, new FileAccessError("read", r1csPath, cause));
  }
}
