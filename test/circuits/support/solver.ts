import { spawnSync } from "node:child_process";
import { projectPath } from "../../../src/setup/project.ts";
import { type Combination, type Constraint, ONE } from "./constraintSystem.ts";
import type { NamedConstraints } from "./namedConstraints.ts";

const PYTHON = process.env["B52_PYTHON"] ?? "python3";
const SCRIPT = projectPath("test", "circuits", "support", "solve.py");

/** Why no solver can be asked, undefined if one can: it is no package of npm, so nothing depends on it. */
export function solverMissing(): string | undefined {
  const { status, error } = spawnSync(PYTHON, [SCRIPT], { input: "", encoding: "utf8" });
  if (status === 0) return undefined;
  return error === undefined
    ? `${PYTHON} has no cvc5 that solves over finite fields: pip install cvc5-gpl==1.4.2`
    : `no ${PYTHON}; B52_PYTHON names another one`;
}

/**
 * Asks an independent solver whether two witnesses with the same inputs can differ in a signal.
 * @param isHint signals that may differ
 * @param constraints those of the circuit if left out
 * @returns `unsat` if the inputs determine all other signals
 */
export function canDiffer(
  circuit: NamedConstraints,
  isHint: (name: string) => boolean,
  constraints: readonly Constraint[] = circuit.system.constraints,
): string {
  const { prime, wires } = circuit.system.header;
  const isShared = (wire: number): boolean => circuit.isGiven(wire, []);
  const name = (wire: number, copy: number): string => (isShared(wire) ? `w${wire}` : `w${wire}_${copy}`);
  const sum = ({ wires: terms, coefficients }: Combination, copy: number): string => {
    const parts = coefficients.map((factor, i) => {
      const element = `(as ff${factor} F)`;
      return terms[i] === ONE ? element : `(ff.mul ${element} ${name(terms[i]!, copy)})`;
    });
    return parts.length === 0 ? "(as ff0 F)" : parts.length === 1 ? parts[0]! : `(ff.add ${parts.join(" ")})`;
  };
  const all = Array.from({ length: wires - 1 }, (_, i) => i + 1);
  const own = all.filter((wire) => !isShared(wire));
  const differences = own
    .filter((wire) => !circuit.names(wire).every(isHint))
    .map((wire) => `(not (= ${name(wire, 1)} ${name(wire, 2)}))`);
  const question = [
    "(set-logic QF_FF)",
    `(define-sort F () (_ FiniteField ${prime}))`,
    ...all.filter(isShared).map((wire) => `(declare-fun ${name(wire, 0)} () F)`),
    ...[1, 2].flatMap((copy) => own.map((wire) => `(declare-fun ${name(wire, copy)} () F)`)),
    ...[1, 2].flatMap((copy) =>
      constraints.map(({ a, b, c }) => `(assert (= (ff.mul ${sum(a, copy)} ${sum(b, copy)}) ${sum(c, copy)}))`),
    ),
    `(assert (or ${differences.join(" ")} false))`,
    "(check-sat)",
  ].join("\n");
  const { stdout, stderr } = spawnSync(PYTHON, [SCRIPT], { input: question, encoding: "utf8" });
  return stdout.trim() || stderr.trim();
}
