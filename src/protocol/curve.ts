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
export const curve: Curve = await buildBn128(true, buildPoseidonWasm);

// snarkjs takes this one instead of its own, whose threads, one for each core, would keep the process alive. It cannot
// be set, because each copy of ffjavascript sets it to null when it is loaded.
Object.defineProperty(globalThis, "curve_bn128", { get: () => curve, set: () => undefined, configurable: true });
