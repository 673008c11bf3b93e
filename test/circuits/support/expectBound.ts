import { expect } from "chai";
import { FIELD } from "../../../src/protocol/index.ts";
import { constraintsByWire, holds } from "./constraintSystem.ts";
import type { TestCircuit } from "./testCircuit.ts";

/** Expects that a witness is valid and that no public input can be changed while the rest stays. */
export function expectPublicInputsBound(circuit: TestCircuit, witness: readonly bigint[]): void {
  expect(circuit.broken(witness)).to.equal(0);
  expect(freePublicInputs(circuit, witness), "public inputs that no constraint binds").to.deep.equal([]);
}

function freePublicInputs(circuit: TestCircuit, witness: readonly bigint[]): string[] {
  const { header, constraints } = circuit.system;
  const byWire = constraintsByWire(circuit.system);
  const values = [...witness];
  const free: string[] = [];
  for (let wire = 1; wire <= header.publicInputs; wire++) {
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
