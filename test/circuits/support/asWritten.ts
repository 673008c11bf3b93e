import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CircuitInstance } from "../../../src/proving/circuitInstance.ts";
import { runCompiler } from "../../../src/proving/compileCircuit.ts";
import { type NamedConstraints, readNamedConstraints } from "./namedConstraints.ts";
import { undeterminedSignals } from "./undetermined.ts";

/**
 * What follows from other signals by their numbers and not by the form of constraints: the key of a secret scalar
 * (key.test.ts in test/circuits/lib), bits that are compared with a constant (bits.test.ts), quotient and remainder of
 * a sum (blobField.test.ts).
 */
const SHOWN = [
  /\.known\.key$/,
  /\.(r8y|s)Bits\[\d+\]$|\.elements\.(r8y|s)\[\d+\]\[\d+\]$|\.CanonicalLimbs_\d+_\d+\.(high|middle|low)\[\d+\]$/,
  /\.(quotient|remainder)\[\d\]$/,
];
/**
 * Inside of what multiplies points, where inference ends. Nothing follows from an EdDSAVerify, and of a KeyOfSecret
 * only the key.
 */
const POINTS = /\.EdDSAVerify\.|\.known\.(?!secret$|seed$|beta$)/;

/** The many inverses with which bits are compared with a constant, and which may be anything for 0. */
const COMPARISONS = /\.TightBits\.complete\[\d+\]\.inv$/;

/**
 * What a prover can choose once the inputs are given, whatever they are: hints, if all is well. Point arithmetic and
 * comparisons with constants aside.
 * @param results inputs that state what has to follow from the others
 * @returns names of signals, without the numbers that the compiler gives to components without name
 */
export async function choicesAsWritten(instance: CircuitInstance, results: readonly string[] = []): Promise<string[]> {
  const signals = undeterminedSignals(await constraintsAsWritten(instance), {
    results,
    given: new RegExp(SHOWN.map(({ source }) => source).join("|")),
  });
  return signals
    .map((name) => name.replace(/_\d+_\d+\b/g, ""))
    .filter((name) => !POINTS.test(name) && !COMPARISONS.test(name))
    .map((name) => name.slice("main.".length))
    .sort();
}

/**
 * The constraints of an instance nearly as its source has them: signals that are equal to others are put together, sums
 * stay what they are.
 */
export async function constraintsAsWritten(instance: CircuitInstance): Promise<NamedConstraints> {
  const folder = await mkdtemp(join(tmpdir(), "b52-constraints-"));
  try {
    await runCompiler(instance, folder, ["--O1", "--r1cs", "--sym"]);
    return await readNamedConstraints(join(folder, "circuit.r1cs"), join(folder, "circuit.sym"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
