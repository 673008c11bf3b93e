import { buildBn128, type Curve } from "ffjavascript";

let curve: Promise<Curve> | undefined;

/**
 * BN254 without worker threads: nothing to terminate, and safe inside workers.
 *
 * @remarks snarkjs is given the same one. Left alone, it would start a thread per core that keeps the process alive.
 */
export function loadCurve(): Promise<Curve> {
  curve ??= buildBn128(true).then((built) => {
    Object.assign(globalThis, { curve_bn128: built });
    return built;
  });
  return curve;
}
