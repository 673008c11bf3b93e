import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CIRCUITS_DIR, LIBRARY_DIR } from "../../../src/proving/circuitHash.ts";
import { FIELD } from "../../../src/protocol/field.ts";
import { constraintsByWire, holds } from "./constraintSystem.ts";
import type { NamedConstraints } from "./namedConstraints.ts";

/** What the sources assign without constraining it on the spot: the last part of such a signal's name. */
function hintNames(): Set<string> {
  const folders = [CIRCUITS_DIR, join(CIRCUITS_DIR, "lib"), join(LIBRARY_DIR, "circomlib", "circuits")];
  const sources = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".circom"))
      .map((file) => readFileSync(join(folder, file), "utf8")),
  );
  const assignments = sources.flatMap((source) => [...source.matchAll(/(\w+)(?:\[[^\n]*?\])?\s*<--/g)]);
  return new Set(assignments.map(([, name]) => name!));
}

/** The wires of hints, inputs of the same name left out. */
function hintsOf(circuit: NamedConstraints): Set<number> {
  const names = hintNames();
  const isHint = (name: string): boolean => names.has(/(\w+)(?:\[\d+\])*$/.exec(name)![1]!);
  const wires = [...circuit.wires].filter(([name, wire]) => wire > 0 && isHint(name)).map(([, wire]) => wire);
  return new Set(wires.filter((wire) => !circuit.isGiven(wire, [])));
}

/**
 * Changes each hint of a valid witness alone, to values that a cheating prover would try.
 * @returns how many hints there are, and the names of those that no constraint holds to their value
 */
export function mutateHints(
  circuit: NamedConstraints,
  witness: readonly bigint[],
): { readonly tried: number; readonly free: readonly string[] } {
  const { constraints, header } = circuit.system;
  const byWire = constraintsByWire(circuit.system);
  const values = [...witness];
  const hints = hintsOf(circuit);
  const free: string[] = [];
  for (const wire of hints) {
    const value = values[wire]!;
    const others = [0n, 1n, value + 1n, FIELD - value, 1n - value + FIELD].map((other) => other % FIELD);
    for (const other of new Set(others)) {
      if (other === value) continue;
      values[wire] = other;
      if ([...byWire[wire]!].every((i) => holds(constraints[i]!, values, header.prime))) {
        free.push(circuit.names(wire)[0]!);
        break;
      }
    }
    values[wire] = value;
  }
  return { tried: hints.size, free };
}
