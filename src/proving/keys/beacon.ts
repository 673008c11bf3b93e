import { createHash } from "node:crypto";
import { ChaCha, type Curve } from "ffjavascript";

/**
 * `log2` of the hash iterations of a development beacon: the least that snarkjs accepts, as nothing is to be delayed.
 */
export const BEACON_ITERATIONS_LOG = 10;

/** What anyone can look up to recompute the secrets of all development keys. */
const LABEL = "b52 development keys 1";

/** snarkjs' random source for a beacon: everything that it yields is public. */
export function beaconRng(beacon: Uint8Array): ChaCha {
  let hash: Uint8Array = beacon;
  for (let i = 0; i < 2 ** BEACON_ITERATIONS_LOG; i++) hash = createHash("sha256").update(hash).digest();
  return rngOf(hash);
}

/** snarkjs' random source for a transcript hash. */
export function rngOf(hash: Uint8Array): ChaCha {
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  return new ChaCha(Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i)));
}

/** The beacon of the development powers of tau. */
export function tauBeacon(): Uint8Array {
  return createHash("sha256").update(LABEL).digest();
}

/** The beacon of the phase 2 contribution of one circuit's development key. */
export function deltaBeacon(circuitHash: string): Uint8Array {
  return createHash("sha256").update(`${LABEL}\0${circuitHash}`).digest();
}

/** What every development key shares. `gamma` is 1, as in every key from snarkjs. */
export interface TauSecrets {
  readonly tau: bigint;
  readonly alpha: bigint;
  readonly beta: bigint;
}

/** The secrets that `snarkjs powersoftau beacon` draws from `beacon`. */
export function tauSecrets({ Fr }: Curve, beacon: Uint8Array): TauSecrets {
  const rng = beaconRng(beacon);
  const draw = (): bigint => Fr.toObject(Fr.fromRng(rng));
  return { tau: draw(), alpha: draw(), beta: draw() };
}
