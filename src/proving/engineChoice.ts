import { B52Error } from "../protocol/errors.ts";
import type { EngineName } from "./groth16/engine.ts";

/** What makes proofs: this project's kernels, snarkjs, or an operator's own rapidsnark binary at a path. */
export type EngineChoice = EngineName | { readonly rapidsnark: string };

/** A prover that nobody knows. */
export class UnknownProverError extends B52Error {
  constructor(text: string, where: string) {
    super(`${where} is ${JSON.stringify(text)}, expected kernels, snarkjs or rapidsnark=PATH`, { text, where });
  }
}

/** The setting that stands for `--prover`. */
export const PROVER_VARIABLE = "B52_PROVER";

const RAPIDSNARK = "rapidsnark=";

/** @throws {UnknownProverError} */
export function parseEngine(text: string, where: string): EngineChoice {
  if (text === "kernels" || text === "snarkjs") return text;
  if (!text.startsWith(RAPIDSNARK) || text === RAPIDSNARK) throw new UnknownProverError(text, where);
  return { rapidsnark: text.slice(RAPIDSNARK.length) };
}

/** What {@link parseEngine} takes. */
export function nameOfEngine(engine: EngineChoice): string {
  return typeof engine === "string" ? engine : `${RAPIDSNARK}${engine.rapidsnark}`;
}

/** What the environment asks for, if it asks. @throws {UnknownProverError} */
export function environmentEngine(
  env: Readonly<Record<string, string | undefined>> = process.env,
): EngineChoice | undefined {
  const text = env[PROVER_VARIABLE];
  return text === undefined || text === "" ? undefined : parseEngine(text, PROVER_VARIABLE);
}
