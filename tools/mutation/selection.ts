import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Artifacts } from "./solidityTests.ts";

/**
 * What code compares a mutant's number with, see selected.sol: it is put there by `select`, so that no mutant has to be
 * compiled.
 */
const SELECTED = Buffer.from("SELECTED").toString("hex");

/** Where contracts find `isSelected`, and where that is. */
export const SELECTED_PATH = "mutation/selected.sol";
export const SELECTED_FILE = fileURLToPath(new URL("selected.sol", import.meta.url));

/** Numbers of mutants are in between. */
export const NONE = 0n;
/** Selects none either, but reports each that is reached as if it were covered code. */
export const REPORTING = 2n ** 64n - 1n;

/** A number in the sources that assembly uses: `value` is put in its place, but `mutated` if `mutant` is selected. */
export interface Placeholder {
  readonly hex: string;
  readonly value: bigint;
  readonly mutated: bigint;
  readonly mutant: number;
}

export const placeholderHex = (mutant: number): string =>
  createHash("sha256").update(`b52 placeholder ${mutant}`).digest("hex");

/** The code in which one mutant is selected. */
export function select(artifacts: Artifacts, placeholders: readonly Placeholder[], mutant: bigint): Artifacts {
  const selected = mutant.toString(16).padStart(SELECTED.length, "0");
  const numbers = placeholders.map((placeholder) => {
    const number = BigInt(placeholder.mutant) === mutant ? placeholder.mutated : placeholder.value;
    return [placeholder.hex, number.toString(16).padStart(placeholder.hex.length, "0")] as const;
  });
  const replace = (code: string): string => {
    let result = code.replaceAll(SELECTED, selected);
    for (const [hex, number] of numbers) result = result.replaceAll(hex, number);
    return result;
  };
  return new Map(
    [...artifacts].map(([id, { abi, bytecode, deployedBytecode }]) => [
      id,
      { abi, bytecode: replace(bytecode), deployedBytecode: replace(deployedBytecode) },
    ]),
  );
}
