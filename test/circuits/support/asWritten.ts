import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { promisify } from "node:util";
import { CIRCUITS_DIR, COMPILER, LIBRARY_DIR } from "../../../src/proving/circuitHash.ts";
import { type CircuitInstance, mainSource } from "../../../src/proving/circuitInstance.ts";
import { type NamedConstraints, readNamedConstraints } from "./namedConstraints.ts";
import { undeterminedSignals } from "./undetermined.ts";

/** The key of a secret scalar follows from it: test/circuits/lib/key.test.ts. */
const KEY = /\.known\.key$/;
/** Inside of what multiplies points, where inference ends. Nothing follows from an EdDSAVerify, and of a KeyOfSecret only KEY. */
const POINTS = /\.EdDSAVerify\.|\.known\.(?!secret$|seed$|beta$)/;

/**
 * What a prover can choose once the inputs are given, whatever they are: hints, if all is well. Point arithmetic aside.
 * @param results inputs that state what has to follow from the others
 * @returns names of signals, without the numbers that the compiler gives to components without name
 */
export async function choicesAsWritten(instance: CircuitInstance, results: readonly string[] = []): Promise<string[]> {
  const signals = undeterminedSignals(await constraintsAsWritten(instance), { results, given: KEY });
  return signals
    .map((name) => name.replace(/_\d+_\d+\b/g, ""))
    .filter((name) => !POINTS.test(name))
    .map((name) => name.slice("main.".length))
    .sort();
}

/** The constraints of an instance nearly as its source has them: signals that are equal to others are put together, sums stay what they are. */
export async function constraintsAsWritten(instance: CircuitInstance): Promise<NamedConstraints> {
  const folder = await mkdtemp(join(tmpdir(), "b52-constraints-"));
  try {
    const main = join(folder, "main.circom");
    await writeFile(main, mainSource(instance));
    const { root } = parse(CIRCUITS_DIR);
    const flags = ["--O1", "--r1cs", "--sym", "-l", CIRCUITS_DIR, "-l", LIBRARY_DIR, "-o", folder];
    await promisify(execFile)(process.execPath, [COMPILER, main, ...flags], { cwd: root });
    return await readNamedConstraints(join(folder, "main.r1cs"), join(folder, "main.sym"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
