import { assertSecretKey, type SecretKey } from "./eddsa.ts";
import { TAG } from "./field.ts";
import { poseidon } from "./poseidon.ts";

/** The round's random value of a worker; 0 if the round has no seed or the worker is anonymous (`undefined`). */
export function vrfBeta(secret: SecretKey | undefined, roundSeed: bigint): bigint {
  return secret === undefined || roundSeed === 0n ? 0n : poseidon([TAG.vrf, assertSecretKey(secret), roundSeed]);
}
