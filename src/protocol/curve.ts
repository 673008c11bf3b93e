import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { buildBn128, type Curve, type Plugin } from "ffjavascript";

// The entry point of circomlibjs loads the whole package and ethers 5. The one module needed here is not in its
// `exports`, so it is loaded by its path.
const modulePath = createRequire(import.meta.url)
  .resolve("circomlibjs")
  .replace(/build.main\.cjs$/, "src/poseidon_wasm.js");
const { buildPoseidonWasm } = (await import(pathToFileURL(modulePath).href)) as { buildPoseidonWasm: Plugin };

/**
 * BN254 and its Poseidon in WebAssembly: one for all of a process, without worker threads, so that there is nothing to
 * terminate.
 */
export const curve: Curve = unlocking(await buildBn128(true, buildPoseidonWasm));

/**
 * The engine locks its memory for each of these, and leaves it locked if the call throws in between, as it does for
 * what is no point: then every later one would fail in this process. snarkjs calls the last one.
 */
function unlocking(curve: Curve): Curve {
  const { tm } = curve;
  const fail = (error: unknown): never => {
    if (tm.oldPFree !== 0) tm.endSyncOp();
    throw error;
  };
  const calls = curve as unknown as Record<string, (this: Curve, ...points: Uint8Array[]) => unknown>;
  for (const name of ["prepareG1", "prepareG2", "millerLoop", "finalExponentiation", "pairing", "pairingEq"]) {
    const call = calls[name]!;
    calls[name] = (...points) => {
      try {
        const outcome = call.apply(curve, points);
        return outcome instanceof Promise ? outcome.catch(fail) : outcome;
      } catch (error) {
        return fail(error);
      }
    };
  }
  return curve;
}

// snarkjs takes this one instead of its own, whose threads, one for each core, would keep the process alive. It cannot
// be set, because each copy of ffjavascript sets it to null when it is loaded.
Object.defineProperty(globalThis, "curve_bn128", { get: () => curve, set: () => undefined, configurable: true });
