import { readFile } from "node:fs/promises";
import { type ConstraintSystem, ONE, readConstraintSystem } from "./constraintSystem.ts";

/** The constraints of a circuit, and what its wires are called in its source. */
export class NamedConstraints {
  readonly system: ConstraintSystem;
  /** Wire of each signal, -1 if simplification replaced it by others. */
  readonly wires: ReadonlyMap<string, number>;
  readonly #names = new Map<number, string[]>();
  readonly #inputs: ReadonlySet<number>;

  /** @param wires by the names of the signals, in the compiler's order: outputs, inputs, others */
  constructor(system: ConstraintSystem, wires: ReadonlyMap<string, number>) {
    this.system = system;
    this.wires = wires;
    for (const [name, wire] of wires) {
      const names = this.#names.get(wire);
      if (names === undefined) this.#names.set(wire, [name]);
      else names.push(name);
    }
    const { publicOutputs, publicInputs, privateInputs } = system.header;
    // An input that no constraint mentions has no wire, so their number alone does not tell which wires are inputs.
    this.#inputs = new Set([...wires.values()].slice(publicOutputs, publicOutputs + publicInputs + privateInputs));
  }

  /**
   * Whether a wire is an input that others do not have to follow from.
   * @param results inputs, or elements of them, that state what has to follow from the others
   */
  isGiven(wire: number, results: readonly string[]): boolean {
    if (wire === ONE) return true;
    const isResult = (name: string): boolean =>
      results.some((result) => name === `main.${result}` || name.startsWith(`main.${result}[`));
    return this.#inputs.has(wire) && !this.names(wire).some(isResult);
  }

  /** Names of a wire. */
  names(wire: number): readonly string[] {
    return this.#names.get(wire) ?? [];
  }
}

/** What the compiler wrote. */
export async function readNamedConstraints(r1csPath: string, symPath: string): Promise<NamedConstraints> {
  const [system, symbols] = await Promise.all([readConstraintSystem(r1csPath), readFile(symPath, "utf8")]);
  const wires = new Map<string, number>();
  for (const line of symbols.split("\n")) {
    const [, wire, , name] = line.split(",");
    if (name !== undefined) wires.set(name, Number(wire));
  }
  return new NamedConstraints(system, wires);
}
