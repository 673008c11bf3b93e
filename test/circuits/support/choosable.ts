import type { Combination, Constraint } from "./constraintSystem.ts";
import type { NamedConstraints } from "./namedConstraints.ts";

/** A constraint to first order: by how much it changes with each signal that is no input. */
type Row = Map<number, bigint>;

/**
 * Signals that a prover could choose: those that do not follow from the inputs, near a witness. To first order a change
 * of signals has to keep every constraint, so the constraints' derivatives must have full rank. A signal of which only
 * the square is bound to 0 is listed too.
 *
 * What simplification put in place of an input is listed, though it follows from it: too much, never too little. The
 * inputs of gadgets are public, so that there is none.
 * @param results inputs that state what has to follow from the others
 */
export function choosableSignals(
  circuit: NamedConstraints,
  witness: readonly bigint[],
  results: readonly string[] = [],
): string[] {
  const { header, constraints } = circuit.system;
  const { wires, prime } = header;
  const isGiven = (wire: number): boolean => circuit.isGiven(wire, results);
  const rows = new Set(
    constraints.map((constraint) => derivative(constraint, witness, prime, isGiven)).filter(({ size }) => size > 0),
  );
  const rowsOf = new Map<number, Set<Row>>();
  for (const row of rows) for (const wire of row.keys()) rowsOf.set(wire, (rowsOf.get(wire) ?? new Set()).add(row));
  const determined = new Set<number>();

  /** Takes a multiple of `row` from all others, so that they do without the wire. */
  const eliminate = (row: Row, wire: number): void => {
    const scale = inverse(row.get(wire)!, prime);
    rows.delete(row);
    for (const mentioned of row.keys()) rowsOf.get(mentioned)!.delete(row);
    for (const other of rowsOf.get(wire)!) {
      const factor = (other.get(wire)! * scale) % prime;
      for (const [mentioned, coefficient] of row) {
        const value = mod((other.get(mentioned) ?? 0n) - factor * coefficient, prime);
        if (value === 0n) {
          other.delete(mentioned);
          if (mentioned !== wire) rowsOf.get(mentioned)!.delete(other);
        } else {
          other.set(mentioned, value);
          rowsOf.get(mentioned)!.add(other);
        }
      }
      if (other.size === 0) rows.delete(other);
      if (other.size === 1) single.push(other);
    }
    rowsOf.delete(wire);
    determined.add(wire);
  };

  const single = [...rows].filter(({ size }) => size === 1);
  while (rows.size > 0) {
    const row = single.pop() ?? shortest(rows);
    if (rows.has(row)) eliminate(row, row.keys().next().value!);
  }
  return Array.from({ length: wires }, (_, wire) => wire)
    .filter((wire) => !isGiven(wire) && !determined.has(wire))
    .map((wire) => circuit.names(wire)[0] ?? `wire ${wire}`);
}

const shortest = (rows: ReadonlySet<Row>): Row =>
  [...rows].reduce((least, row) => (row.size < least.size ? row : least));

/** Of `a * b - c`. */
function derivative(
  { a, b, c }: Constraint,
  witness: readonly bigint[],
  prime: bigint,
  isGiven: (wire: number) => boolean,
): Row {
  const row: Row = new Map();
  const add = ({ wires, coefficients }: Combination, factor: bigint): void =>
    wires.forEach((wire, i) => {
      if (isGiven(wire)) return;
      const value = mod((row.get(wire) ?? 0n) + coefficients[i]! * factor, prime);
      if (value === 0n) row.delete(wire);
      else row.set(wire, value);
    });
  const value = ({ wires, coefficients }: Combination): bigint =>
    wires.reduce((sum, wire, i) => sum + coefficients[i]! * witness[wire]!, 0n) % prime;
  add(a, value(b));
  add(b, value(a));
  add(c, -1n);
  return row;
}

const mod = (x: bigint, prime: bigint): bigint => ((x % prime) + prime) % prime;

/** By Euclid's algorithm. */
function inverse(x: bigint, prime: bigint): bigint {
  let [r, next] = [prime, x];
  let [t, nextT] = [0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  return mod(t, prime);
}
