import { expect } from "chai";
import { FIELD } from "../../../src/protocol/index.ts";
import { constraintsByWire, holds } from "./constraintSystem.ts";
import type { TestCircuit } from "./testCircuit.ts";

/** Expects that a witness is valid and that no public input can be changed while the rest stays. */
export function expectPublicInputsBound(circuit: TestCircuit, witness: readonly bigint[]): void {
  expect(circuit.broken(witness)).to.equal(0);
  const last = circuit.system.header.publicInputs;
  const free = freeWires(circuit, witness, (wire) => wire <= last);
  expect(free, "public inputs that no constraint binds").to.deep.equal([]);
}

/**
 * Signals that may take another value while all others stay: a circuit with one that matters is under-constrained.
 * @param only limits the search to some wires
 */
export function freeWires(circuit: TestCircuit, witness: readonly bigint[], only: (wire: number) => boolean = () => true): string[] {
  const { header, constraints } = circuit.system;
  const byWire = constraintsByWire(circuit.system);
  const values = [...witness];
  const free: string[] = [];
  for (let wire = 1; wire < header.wires; wire++) {
    if (!only(wire)) continue;
    const value = values[wire]!;
    const loose = [value + 123456789n, 1n - value + FIELD].some((other) => {
      values[wire] = other % FIELD;
      return values[wire] !== value && [...byWire[wire]!].every((i) => holds(constraints[i]!, values, header.prime));
    });
    values[wire] = value;
    if (loose) free.push(circuit.names(wire)[0] ?? `wire ${wire}`);
  }
  return free;
}
