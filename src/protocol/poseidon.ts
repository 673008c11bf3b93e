import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { MalformedError } from "./errors.ts";
import { assertField, FIELD } from "./field.ts";

interface WasmPoseidon {
  (inputs: readonly bigint[], initialState?: bigint): Uint8Array;
  F: { toObject(element: Uint8Array): bigint };
}

// The entry point of circomlibjs loads the whole package and ethers 5. The one module needed here is not in its
// `exports`, so it is loaded by its path.
const modulePath = createRequire(import.meta.url)
  .resolve("circomlibjs")
  .replace(/build.main\.cjs$/, "src/poseidon_wasm.js");
const { buildPoseidon } = (await import(pathToFileURL(modulePath).href)) as {
  buildPoseidon: () => Promise<WasmPoseidon>;
};
const wasm = await buildPoseidon();

/** The most inputs that one Poseidon permutation takes. */
const MAX_INPUTS = 16;

/**
 * circomlib's Poseidon of 1 to 16 field elements.
 * @throws {OutOfRangeError} if an input is not canonical
 * @throws {MalformedError} if there are none or more than 16
 */
export function poseidon(inputs: readonly bigint[]): bigint {
  if (inputs.length < 1 || inputs.length > MAX_INPUTS) {
    throw new MalformedError("Poseidon input count", inputs.length, "1 to 16");
  }
  inputs.forEach((input) => assertField(input, "Poseidon input"));
  return wasm.F.toObject(wasm([...inputs]));
}

/**
 * Four field elements in one, for trees of fixed height: there is no room for a tag or a length.
 * @returns the first element of Poseidon's permutation of the four, plus the first of them
 * @throws {OutOfRangeError} if an input is not canonical
 * @throws {MalformedError} if there are not four
 */
export function compress(inputs: readonly bigint[]): bigint {
  if (inputs.length !== 4) throw new MalformedError("number of compressed elements", inputs.length, "4");
  inputs.forEach((input) => assertField(input, "compressed element"));
  const [first, ...others] = inputs as [bigint, ...bigint[]];
  return (wasm.F.toObject(wasm(others, first)) + first) % FIELD;
}

/** Poseidon of a list of any length, bound to its `tag` and its length. */
export function hashMany(tag: bigint, values: readonly bigint[]): bigint {
  let hash = poseidon([tag, BigInt(values.length), ...values.slice(0, MAX_INPUTS - 2)]);
  for (let i = MAX_INPUTS - 2; i < values.length; i += MAX_INPUTS - 1) {
    hash = poseidon([hash, ...values.slice(i, i + MAX_INPUTS - 1)]);
  }
  return hash;
}
