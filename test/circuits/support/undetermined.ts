import { FIELD } from "../../../src/protocol/index.ts";
import { type Combination, type Constraint, constraintsByWire, ONE } from "./constraintSystem.ts";
import type { NamedConstraints } from "./namedConstraints.ts";

/** A wire and its factor in a sum. */
interface Term {
  readonly wire: number;
  readonly factor: bigint;
}

interface Assumptions {
  /** Inputs that state what has to follow from the others. */
  readonly results?: readonly string[] | undefined;
  /**
   * Names of signals to take for determined, because other tests show that they follow from the inputs of their
   * template.
   */
  readonly given?: RegExp | undefined;
}

/**
 * Signals of which two witnesses with the same inputs might differ. Of all others no inputs, good or bad, leave the
 * prover a choice. Inferred from the constraints alone, so it holds for every witness, in a step of one of these kinds
 * after the other:
 * - a constraint with known factors and one unknown wire gives that wire;
 * - one with known factors and a result with several unknown bits gives them, if no two choices of the bits have the
 * same sum;
 * - so does one that says of a sum with unknown bits that it is 0 or 1;
 * - a wire that one constraint gives where a known number is 0 and another one where it is not is given.
 *
 * Weak rules name too many signals, never too few: see `constraintsAsWritten` for what simplification hides from them.
 */
export function undeterminedSignals(circuit: NamedConstraints, { results = [], given }: Assumptions = {}): string[] {
  const { header, constraints } = circuit.system;
  const isAssumed = (wire: number): boolean =>
    given !== undefined && circuit.names(wire).some((name) => given.test(name));
  const known = Array.from({ length: header.wires }, (_, wire) => circuit.isGiven(wire, results) || isAssumed(wire));
  const isBit = bitsOf(constraints, header.wires);
  const byWire = constraintsByWire(circuit.system);
  const ifZero = Array.from({ length: header.wires }, () => new Set<string>());
  const ifNot = Array.from({ length: header.wires }, () => new Set<string>());

  const queue = new Set(constraints.keys());
  const learn = (wires: readonly number[]): void => {
    for (const wire of wires) {
      known[wire] = true;
      for (const i of byWire[wire]!) queue.add(i);
    }
  };
  const learnHalf = (half: Set<string>[], wire: number, number: string): void => {
    half[wire]!.add(number);
    if (ifZero[wire]!.has(number) && ifNot[wire]!.has(number)) learn([wire]);
  };
  const unknownOf = (sum: Combination): Term[] => terms(sum).filter(({ wire }) => !known[wire]);

  const look = (i: number): void => {
    const { a, b, c } = constraints[i]!;
    const [inA, inB, inC] = [unknownOf(a), unknownOf(b), unknownOf(c)];
    if (inA.length + inB.length === 0) {
      if (inC.length === 1 || (inC.length > 1 && differ(inC, isBit))) learn(wiresOf(inC));
      return;
    }
    const bit = (bitOf(constraints[i]!) ?? []).filter(({ wire }) => !known[wire]);
    if (bit.length > 0 && differ([...bit, { wire: ONE, factor: 1n }], isBit)) {
      learn(wiresOf(bit));
      return;
    }
    for (const [factor, inFactor, inOther] of [
      [a, inA, inB],
      [b, inB, inA],
    ] as const) {
      if (inFactor.length > 0) continue;
      if (inC.length === 1) learnHalf(ifZero, inC[0]!.wire, multiples(factor));
      if (inC.length === 0 && inOther.length === 1) learnHalf(ifNot, inOther[0]!.wire, multiples(factor));
    }
  };
  // Iterates over what is added on the way, too.
  for (const i of queue) {
    queue.delete(i);
    look(i);
  }
  return known.flatMap((isKnown, wire) => (isKnown ? [] : [circuit.names(wire)[0] ?? `wire ${wire}`]));
}

const wiresOf = (sum: readonly Term[]): number[] => sum.map(({ wire }) => wire);

function terms({ wires, coefficients }: Combination): Term[] {
  return [...wires].map((wire, i) => ({ wire, factor: coefficients[i]! })).filter(({ factor }) => factor !== 0n);
}

/** What a constraint (s)(k s + l) = 0 says to be 0 or 1: s or a multiple of it. */
function bitOf({ a, b, c }: Constraint): Term[] | undefined {
  if (terms(c).length > 0) return undefined;
  const left = new Map(terms(a).map(({ wire, factor }) => [wire, factor]));
  const right = new Map(terms(b).map(({ wire, factor }) => [wire, factor]));
  const some = [...left.keys()].find((wire) => wire !== ONE);
  if (some === undefined || !right.has(some)) return undefined;
  const k = right.get(some)! * inverse(left.get(some)!);
  for (const wire of new Set([...left.keys(), ...right.keys()])) {
    if (wire !== ONE && modulo((right.get(wire) ?? 0n) - k * (left.get(wire) ?? 0n)) !== 0n) return undefined;
  }
  const l = modulo((right.get(ONE) ?? 0n) - k * (left.get(ONE) ?? 0n));
  if (l === 0n) return undefined; // 0 or nothing
  const scale = inverse(modulo(-l * inverse(k)));
  return [...left].map(([wire, factor]) => ({ wire, factor: modulo(factor * scale) }));
}

/** Wires that a constraint of their own makes 0 or 1. */
function bitsOf(constraints: readonly Constraint[], wires: number): boolean[] {
  const isBit = new Array<boolean>(wires).fill(false);
  for (const constraint of constraints) {
    const sum = bitOf(constraint) ?? [];
    const constant = sum.find(({ wire }) => wire === ONE)?.factor ?? 0n;
    const [term, more] = sum.filter(({ wire }) => wire !== ONE);
    const isPlain = constant === 0n && term?.factor === 1n;
    const isComplement = constant === 1n && term?.factor === FIELD - 1n;
    if (more === undefined && (isPlain || isComplement)) isBit[term.wire] = true;
  }
  return isBit;
}

/**
 * Whether all wires are bits (the constant stands for one, too) and no two choices of them have the same sum: seen from
 * one of them, each factor exceeds the sum of the smaller ones, whatever the signs, and all together stay below the
 * field order.
 */
function differ(sum: readonly Term[], isBit: readonly boolean[]): boolean {
  if (!sum.every(({ wire }) => wire === ONE || isBit[wire])) return false;
  return sum.some(({ factor: unit }) => {
    const scale = inverse(unit);
    const sizes = sum.map(({ factor }) => size(modulo(factor * scale))).sort((x, y) => (x < y ? -1 : 1));
    let total = 0n;
    return sizes.every((next) => {
      const exceeds = next > total;
      total += next;
      return exceeds && total < FIELD;
    });
  });
}

/** The same for all multiples of a sum. */
function multiples(sum: Combination): string {
  const sorted = terms(sum).sort((x, y) => x.wire - y.wire);
  const scale = sorted.length === 0 ? 0n : inverse(sorted[0]!.factor);
  return sorted.map(({ wire, factor }) => `${wire}:${modulo(factor * scale)}`).join();
}

const modulo = (value: bigint): bigint => ((value % FIELD) + FIELD) % FIELD;
const size = (value: bigint): bigint => (value > FIELD >> 1n ? FIELD - value : value);

function inverse(value: bigint): bigint {
  let [rest, next, x, y] = [FIELD, modulo(value), 0n, 1n];
  while (next !== 0n) [rest, next, x, y] = [next, rest % next, y, x - (rest / next) * y];
  return modulo(x);
}
