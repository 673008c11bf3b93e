import { crownDepths } from "../../proving/crownDepth.ts";
import type { Deployment } from "../../chain/deployment.ts";
import { encodeKeys, type EncodedKeys, profileKeys } from "../../deploy/parameters.ts";
import { PoolProver, type ProvingCircuits } from "../../proving/prover.ts";
import type { ProverPoolOptions, ProvingCircuit } from "../../proving/pool.ts";
import { knownProfile } from "../../setup/knownProfile.ts";
import { loadProfileBuild, type ProfileBuild } from "../../setup/profileBuild.ts";
import type { Rules } from "../../state/executor.ts";

/** The circuits of a rollup as this machine has built them. */
export interface Circuits {
  readonly rules: Rules;
  readonly keys: EncodedKeys;
  /** Makes real proofs in threads of this process. */
  prover(options: ProverPoolOptions): PoolProver;
}

/** @throws {UnknownProfileError} @throws {NotSetUpError} @throws {KeyTamperedError} */
export async function loadCircuits(deployment: Deployment): Promise<Circuits> {
  const profile = knownProfile(deployment);
  const build = await loadProfileBuild(profile);
  return {
    rules: { profile, domain: deployment.domain, ...crownDepths(profile) },
    keys: encodeKeys(profileKeys(build)),
    prover: (options) => new PoolProver(circuitsOf(build), options),
  };
}

function circuitsOf(build: ProfileBuild): ProvingCircuits {
  const entries = Object.entries(build).map(([name, { circuit, key }]): [string, ProvingCircuit] => [
    name,
    { name, hash: circuit.hash, wasmPath: circuit.wasmPath, key },
  ]);
  return Object.fromEntries(entries);
}
