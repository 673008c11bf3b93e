import { buildBn128, type Curve } from "ffjavascript";

let curve: Promise<Curve> | undefined;

/**
 * BN254 without worker threads: nothing to terminate, and safe inside workers.
 *
 * @remarks snarkjs uses this one, too. Its own would start a thread per core, and they would keep the process alive.
 */
export function loadCurve(): Promise<Curve> {
  curve ??= buildBn128(true).then((built) => {
    Object.assign(globalThis, { curve_bn128: built });
    return built;
  });
  return curve;
}
