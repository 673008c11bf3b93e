import { FIELD } from "../../protocol/field.ts";
import { lagrangeAt } from "./lagrange.ts";
import type { R1cs } from "./r1cs.ts";

/** A circuit's polynomials at tau, per signal. */
export interface Qap {
  /** The domain has `2 ** domainLog` points: a row per constraint, then one per public signal and the constant one. */
  readonly domainLog: number;
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  readonly c: readonly bigint[];
}

/** `log2` of snarkjs' domain: the least that leaves a row unused beside constraints and public signals. */
export function domainLogOf({ constraints, publicSignals }: R1cs): number {
  return Math.floor(Math.log2(Math.max(1, constraints + publicSignals))) + 1;
}

export function evaluateQap(r1cs: R1cs, tau: bigint): Qap {
  const domainLog = domainLogOf(r1cs);
  const basis = lagrangeAt(tau, domainLog);
  const zeros = (): bigint[] => new Array<bigint>(r1cs.signals).fill(0n);
  const matrices = [zeros(), zeros(), zeros()] as const;
  r1cs.forEachTerm((matrix, constraint, signal, value) => {
    const row = matrices[matrix];
    row[signal] = (row[signal]! + value * basis[constraint]!) % FIELD;
  });
  // A row of its own makes the polynomials of a public signal independent of the others, so that nobody can exchange
  // one public input for another.
  const [a, b, c] = matrices;
  for (let signal = 0; signal <= r1cs.publicSignals; signal++) {
    a[signal] = (a[signal]! + basis[r1cs.constraints + signal]!) % FIELD;
  }
  return { domainLog, a, b, c };
}
