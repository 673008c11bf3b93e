import { join } from "node:path";
import { assertProfile, type Profile } from "../protocol/profile.ts";
import { compileCircuit, type CompiledCircuit, findCompiled } from "./compileCircuit.ts";
import { type CircuitInstance, profileInstances } from "./circuitInstance.ts";

export interface CompileProgress {
  readonly name: string;
  readonly state: "cached" | "compiling" | "compiled";
  /** Circuits that are ready, this one included, and all of them. */
  readonly done: number;
  readonly total: number;
  /** Set when `compiled`. */
  readonly seconds?: number;
  /** Set unless `compiling`. */
  readonly constraints?: number;
}

export interface CompileProfileOptions {
  /** Circuits go to `<buildDir>/circuits/<profile>/<name>/`. */
  readonly buildDir: string;
  readonly onProgress?: ((progress: CompileProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Compilers at a time; each needs a core and, for the largest circuits, about 1 GB. Default 2. */
  readonly concurrency?: number | undefined;
}

/** The circuits of a profile if all are compiled, up to date and whole; undefined otherwise. */
export async function findProfile(profile: Profile, buildDir: string): Promise<CompiledCircuit[] | undefined> {
  const outDir = circuitsDir(profile, buildDir);
  const found = await Promise.all(
    profileInstances(assertProfile(profile)).map((instance) => findCompiled(instance, outDir)),
  );
  const circuits = found.filter((circuit) => circuit !== undefined);
  return circuits.length === found.length ? circuits : undefined;
}

/**
 * Compiles all circuits of a profile that changed.
 * @returns the circuits in the order BaseRollup, OperationRollup, MergeRollup (if there are merges), RootRollup,
 * KeyOwnership, ExitClaim, EscapeClaim
 * @throws {OutOfRangeError} if no circuit can have these sizes
 * @throws {CircuitCompilationError}
 */
export async function compileProfile(profile: Profile, options: CompileProfileOptions): Promise<CompiledCircuit[]> {
  const instances = profileInstances(assertProfile(profile));
  return compileAll(instances, { ...options, outDir: circuitsDir(profile, options.buildDir) });
}

export interface CompileAllOptions extends Omit<CompileProfileOptions, "buildDir"> {
  readonly outDir: string;
}

/** Compiles instances side by side; results in the order given. The first failure stops the others. */
export async function compileAll(
  instances: readonly CircuitInstance[],
  { outDir, onProgress, signal, concurrency = 2 }: CompileAllOptions,
): Promise<CompiledCircuit[]> {
  const results = new Array<CompiledCircuit>(instances.length);
  const total = instances.length;
  const stop = new AbortController();
  const either = AbortSignal.any(signal === undefined ? [stop.signal] : [signal, stop.signal]);
  let next = 0;
  let done = 0;

  const work = async (): Promise<void> => {
    while (next < total) {
      const at = next++;
      const instance = instances[at]!;
      const { name } = instance;
      const cached = await findCompiled(instance, outDir);
      if (cached !== undefined) {
        results[at] = cached;
        onProgress?.({ name, state: "cached", done: ++done, total, constraints: cached.constraints });
        continue;
      }
      onProgress?.({ name, state: "compiling", done, total });
      const start = performance.now();
      const circuit = await compileCircuit(instance, { outDir, signal: either });
      results[at] = circuit;
      const seconds = (performance.now() - start) / 1000;
      onProgress?.({ name, state: "compiled", done: ++done, total, seconds, constraints: circuit.constraints });
    }
  };
  const guarded = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(concurrency, total) }, guarded));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw stop.signal.reason;
  return results;
}

function circuitsDir(profile: Profile, buildDir: string): string {
  return join(buildDir, "circuits", profile.name);
}
