import { crownDepths } from "../../proving/crownDepth.ts";
import { AbiCoder, concat, keccak256 } from "ethers";
import type { ChainClient } from "../../chain/index.ts";
import type { Deployment } from "../../chain/deployment.ts";
import { encodeKeys, type EncodedKeys, profileKeys } from "../../deploy/parameters.ts";
import type { Profile } from "../../protocol/profile.ts";
import { OtherKeysError } from "../errors.ts";
import type { CircuitName } from "../../proving/circuitInstance.ts";
import { PoolProver, type ProvingCircuits } from "../../proving/prover.ts";
import type { ProverPoolOptions, ProvingCircuit } from "../../proving/pool.ts";
import { knownProfile } from "../../setup/knownProfile.ts";
import { loadProfileBuild, type ProfileBuild } from "../../setup/profileBuild.ts";
import type { Rules } from "../../state/executor.ts";

/** What blocks of a rollup are executed by. @throws {UnknownProfileError} */
export function rulesOf(deployment: Deployment): Rules {
  const profile = knownProfile(deployment);
  return { profile, domain: deployment.domain, ...crownDepths(profile) };
}

/** The circuits of a rollup as this machine has built them. */
export interface Circuits {
  /** Of each circuit. */
  readonly hashes: Readonly<Partial<Record<CircuitName, string>>>;
  readonly keys: EncodedKeys;
  /** Makes real proofs in threads of this process. */
  prover(options: ProverPoolOptions): PoolProver;
}

/**
 * The circuits that the rollup verifies.
 * @throws {UnknownProfileError} @throws {NotSetUpError} @throws {KeyTamperedError} @throws {OtherKeysError}
 */
export async function loadCircuits({ deployment, verifier }: ChainClient): Promise<Circuits> {
  const profile = knownProfile(deployment);
  const build = await loadProfileBuild(profile);
  const keys = encodeKeys(profileKeys(build));
  const [found, expected] = [keysHash(profile, keys), await verifier.keysHash()];
  if (found !== expected) throw new OtherKeysError(found, expected);
  const hashes = Object.fromEntries(Object.entries(build).map(([name, { circuit }]) => [name, circuit.hash]));
  return { hashes, keys, prover: (options) => new PoolProver(circuitsOf(build), options) };
}

/** What the forest verifier knows its keys by. */
export function keysHash({ arity, levels, operationsPerBase }: Profile, keys: EncodedKeys): string {
  const { common, keyOwnership, root, base, merge, operations } = keys;
  const page = concat([common, keyOwnership, root, base, merge, operations]);
  const types = ["uint256", "uint256", "uint256", "bytes"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [arity, levels, operationsPerBase, page]));
}

function circuitsOf(build: ProfileBuild): ProvingCircuits {
  const entries = Object.entries(build).map(([name, { circuit, key }]): [string, ProvingCircuit] => [
    name,
    { name, hash: circuit.hash, wasmPath: circuit.wasmPath, key },
  ]);
  return Object.fromEntries(entries);
}
