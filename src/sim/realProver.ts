import { encodeKeys, profileKeys } from "../deploy/parameters.ts";
import type { Profile } from "../protocol/profile.ts";
import { environmentEngine } from "../proving/engineChoice.ts";
import type { ProverPoolOptions, ProvingCircuit } from "../proving/pool.ts";
import { PoolProver, type ProvingCircuits } from "../proving/prover.ts";
import { loadProfileBuild } from "../setup/profileBuild.ts";
import type { WorldProver } from "./world.ts";

/**
 * Real proofs with the development keys of a profile, made by what the environment asks for if `options` do not.
 *
 * @throws {NotSetUpError} @throws {UnknownProverError}
 */
export async function realProver(profile: Profile, options: ProverPoolOptions = {}): Promise<WorldProver> {
  const build = await loadProfileBuild(profile);
  const circuits: ProvingCircuits = Object.fromEntries(
    Object.entries(build).map(
      ([
        name,
        {
          circuit: { hash, wasmPath },
          key,
        },
      ]): [string, ProvingCircuit] => [name, { name, hash, wasmPath, key }],
    ),
  );
  return Object.assign(new PoolProver(circuits, { ...options, engine: options.engine ?? environmentEngine() }), {
    keys: encodeKeys(profileKeys(build)),
  });
}
