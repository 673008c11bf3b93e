import { expect } from "chai";
import { FIELD } from "../../../src/protocol/index.ts";
import { type Combination, type Constraint, violations } from "./constraintSystem.ts";
import { NamedConstraints } from "./namedConstraints.ts";
import { choosableSignals } from "./choosable.ts";

const INPUTS = ["x", "y"];
const OTHERS = ["a", "b", "c"];

/** Linear combinations by name; `one` is the constant. */
type Terms = Readonly<Record<string, bigint>>;

/** Constraints `left * right = result` of `one` and other signals. */
type Constraints = [left: Terms, right: Terms, result: Terms][];

/** Inputs x and y, signals a, b and c. */
const circuitOf = (...constraints: Constraints): NamedConstraints =>
  circuitWith(["one", ...INPUTS, ...OTHERS], constraints);

/** @param names of the wires; what is not among them has none */
function circuitWith(names: readonly string[], constraints: Constraints): NamedConstraints {
  const combination = (terms: Terms): Combination => ({
    wires: Uint32Array.from(Object.keys(terms), (name) => names.indexOf(name)),
    coefficients: Object.values(terms).map((value) => ((value % FIELD) + FIELD) % FIELD),
  });
  const header = {
    prime: FIELD,
    wires: names.length,
    publicOutputs: 0,
    publicInputs: 2,
    privateInputs: 0,
    constraints: constraints.length,
  };
  const read = ([a, b, c]: [Terms, Terms, Terms]): Constraint => ({
    a: combination(a),
    b: combination(b),
    c: combination(c),
  });
  const wires = new Map([...INPUTS, ...OTHERS].map((name) => [`main.${name}`, names.indexOf(name)]));
  return new NamedConstraints({ header, constraints: constraints.map(read) }, wires);
}

/** one, x, y, a, b, c */
const WITNESS = [1n, 2n, 3n, 6n, 5n, 11n];
const one = { one: 1n };
const PRODUCT: [Terms, Terms, Terms] = [{ x: 1n }, { y: 1n }, { a: 1n }];
const SUM: [Terms, Terms, Terms] = [{ x: 1n, y: 1n }, one, { b: 1n }];

describe("choosableSignals", () => {
  it("is empty if each follows from those before", () => {
    expect(choosableSignals(circuitOf(PRODUCT, SUM, [{ a: 1n, b: 1n }, one, { c: 1n }]), WITNESS)).to.deep.equal([]);
  });

  it("is empty if they follow together", () => {
    const together: [Terms, Terms, Terms][] = [
      [{ a: 1n, b: 1n, c: 1n }, one, { one: 22n }],
      [{ a: 1n, b: 2n, c: 3n }, one, { one: 49n }],
      [{ a: 1n }, { b: 1n }, { x: 15n }],
    ];
    const circuit = circuitOf(...together);
    expect(violations(circuit.system, WITNESS)).to.deep.equal([]);
    expect(choosableSignals(circuit, WITNESS)).to.deep.equal([]);
    expect(choosableSignals(circuitOf(...together.slice(1)), WITNESS)).to.have.length(1);
  });

  it("names those that nothing mentions, and those that move together", () => {
    expect(choosableSignals(circuitOf(PRODUCT, SUM), WITNESS)).to.deep.equal(["main.c"]);
    expect(choosableSignals(circuitOf(PRODUCT, [{ b: 1n, c: 1n }, one, { one: 16n }]), WITNESS)).to.have.length(1);
  });

  it("names those of which a constraint says the same as another", () => {
    const circuit = circuitOf(PRODUCT, [{ b: 1n, c: 1n }, one, { one: 16n }], [{ b: 2n, c: 2n }, one, { one: 32n }]);
    expect(choosableSignals(circuit, WITNESS)).to.have.length(1);
  });

  it("names factors of zero: a hint that a constraint multiplies with 0 can be anything", () => {
    const witness = [1n, 0n, 3n, 0n, 0n, 1n];
    const circuit = circuitOf(PRODUCT, [{ x: 1n }, { b: 1n }, { one: 1n, c: -1n }]);
    expect(violations(circuit.system, witness)).to.deep.equal([]);
    expect(choosableSignals(circuit, witness)).to.deep.equal(["main.b"]);
  });

  it("does not take another signal for an input that nothing mentions, and that has no wire", () => {
    const circuit = circuitWith(["one", "x", "a"], [[{ x: 1n }, { a: 1n }, { a: 2n }]]);
    expect(choosableSignals(circuit, [1n, 2n, 7n])).to.deep.equal(["main.a"]);
  });
});
