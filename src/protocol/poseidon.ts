import { curve } from "./curve.ts";
import { MalformedError } from "./errors.ts";
import { assertField, FIELD } from "./field.ts";

/** The most inputs that one Poseidon permutation takes. */
const MAX_INPUTS = 16;
const BYTES = 32;

const { tm, Fr } = curve;
const wasm = tm.instance.exports as unknown as {
  /** `count` inputs and the state before them to `outputs` elements of the state after them. */
  poseidon(state: number, inputs: number, count: number, output: number, outputs: number): void;
};
const [state, input, output] = [tm.alloc(BYTES), tm.alloc(MAX_INPUTS * BYTES), tm.alloc(BYTES)] as const;

/** The first element of the state after a permutation. @param first that before it */
function permute(inputs: readonly bigint[], first: bigint): bigint {
  for (const [i, value] of inputs.entries()) tm.setBuff(input + i * BYTES, Fr.e(value));
  tm.setBuff(state, Fr.e(first));
  wasm.poseidon(state, input, inputs.length, output, 1);
  return Fr.toObject(tm.getBuff(output, BYTES));
}

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
  return permute(inputs, 0n);
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
  return (permute(others, first) + first) % FIELD;
}

/** Poseidon of a list of any length, bound to its `tag` and its length. */
export function hashMany(tag: bigint, values: readonly bigint[]): bigint {
  let hash = poseidon([tag, BigInt(values.length), ...values.slice(0, MAX_INPUTS - 2)]);
  for (let i = MAX_INPUTS - 2; i < values.length; i += MAX_INPUTS - 1) {
    hash = poseidon([hash, ...values.slice(i, i + MAX_INPUTS - 1)]);
  }
  return hash;
}
