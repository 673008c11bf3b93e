import { readFile } from "node:fs/promises";
import { parseR1csHeader, type R1csHeader } from "../../../src/proving/r1cs.ts";

/** The wire that is always 1. */
export const ONE = 0;

/** Wires and their coefficients: a linear combination. */
export interface Combination {
  readonly wires: Uint32Array;
  readonly coefficients: readonly bigint[];
}

/** a * b = c */
export interface Constraint {
  readonly a: Combination;
  readonly b: Combination;
  readonly c: Combination;
}

export interface ConstraintSystem {
  readonly header: R1csHeader;
  readonly constraints: readonly Constraint[];
}

/** Reads a whole r1cs file: an independent check of what the witness generators and provers accept. */
export async function readConstraintSystem(path: string): Promise<ConstraintSystem> {
  const file = await readFile(path);
  const sections = new Map<number, Buffer>();
  for (let at = 12, left = file.readUInt32LE(8); left > 0; left--) {
    const size = Number(file.readBigUInt64LE(at + 4));
    sections.set(file.readUInt32LE(at), file.subarray(at + 12, at + 12 + size));
    at += 12 + size;
  }
  const header = parseR1csHeader(sections.get(1)!);
  const body = sections.get(2)!;
  const known = new Map<string, bigint>(); // few coefficients are different
  let at = 0;
  const combination = (): Combination => {
    const length = body.readUInt32LE(at);
    const wires = new Uint32Array(length);
    const coefficients = new Array<bigint>(length);
    at += 4;
    for (let i = 0; i < length; i++, at += 36) {
      wires[i] = body.readUInt32LE(at);
      const bytes = body.toString("latin1", at + 4, at + 36);
      let value = known.get(bytes);
      if (value === undefined) {
        value = BigInt(`0x${Buffer.from(bytes, "latin1").reverse().toString("hex")}`);
        known.set(bytes, value);
      }
      coefficients[i] = value;
    }
    return { wires, coefficients };
  };
  const constraints = Array.from({ length: header.constraints }, () => ({
    a: combination(),
    b: combination(),
    c: combination(),
  }));
  return { header, constraints };
}

/** Numbers of the constraints that a witness does not satisfy. */
export function violations({ header: { prime }, constraints }: ConstraintSystem, witness: readonly bigint[]): number[] {
  const broken: number[] = [];
  constraints.forEach((constraint, i) => {
    if (!holds(constraint, witness, prime)) broken.push(i);
  });
  return broken;
}

export function holds({ a, b, c }: Constraint, witness: readonly bigint[], prime: bigint): boolean {
  const value = ({ wires, coefficients }: Combination): bigint => {
    let sum = 0n;
    for (let i = 0; i < wires.length; i++) sum += coefficients[i]! * witness[wires[i]!]!;
    return sum;
  };
  return (value(a) * value(b) - value(c)) % prime === 0n;
}

/** For each wire the constraints that mention it. */
export function constraintsByWire({ header: { wires }, constraints }: ConstraintSystem): Set<number>[] {
  const byWire = Array.from({ length: wires }, () => new Set<number>());
  constraints.forEach(({ a, b, c }, i) => {
    for (const part of [a, b, c]) for (const wire of part.wires) byWire[wire]!.add(i);
  });
  return byWire;
}
