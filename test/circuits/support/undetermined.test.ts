import { expect } from "chai";
import { FIELD } from "../../../src/protocol/index.ts";
import type { Combination } from "./constraintSystem.ts";
import { NamedConstraints } from "./namedConstraints.ts";
import { undeterminedSignals } from "./undetermined.ts";

type Sum = Readonly<Record<string, bigint>>;

/** Which wires of a hand-made system are left to the prover. `in` is its input, `one` the constant. */
function choices(wires: readonly string[], constraints: readonly (readonly [Sum, Sum, Sum])[]): string[] {
  const all = ["one", "in", ...wires];
  const combination = (sum: Sum): Combination => ({
    wires: Uint32Array.from(Object.keys(sum), (name) => all.indexOf(name)),
    coefficients: Object.values(sum).map((factor) => (factor + FIELD) % FIELD),
  });
  const header = {
    prime: FIELD,
    wires: all.length,
    publicOutputs: 0,
    publicInputs: 0,
    privateInputs: 1,
    constraints: constraints.length,
  };
  const system = {
    header,
    constraints: constraints.map(([a, b, c]) => ({ a: combination(a), b: combination(b), c: combination(c) })),
  };
  return undeterminedSignals(new NamedConstraints(system, new Map(all.slice(1).map((name, i) => [name, i + 1]))));
}

const bit = (name: string): readonly [Sum, Sum, Sum] => [{ [name]: 1n }, { one: 1n, [name]: -1n }, {}];

describe("undeterminedSignals", () => {
  it("follows products, in any order", () => {
    const square = [{ in: 1n }, { in: 1n }, { square: 1n }] as const;
    const cube = [{ square: 1n }, { in: 1n }, { cube: 3n, one: 5n }] as const;
    expect(choices(["cube", "square"], [cube, square])).to.deep.equal([]);
    expect(choices(["cube", "square"], [cube])).to.deep.equal(["cube", "square"]);
  });

  it("does not take a quotient for determined: the divisor may be 0", () => {
    expect(choices(["quotient"], [[{ in: 1n }, { quotient: 1n }, { one: 1n }]])).to.deep.equal(["quotient"]);
  });

  it("finds the bits of a number, if they are bits and weighed like bits", () => {
    const sum = (weights: Sum): readonly [Sum, Sum, Sum] => [{}, {}, { in: -1n, ...weights }];
    expect(choices(["a", "b"], [bit("a"), bit("b"), sum({ a: 1n, b: 2n })])).to.deep.equal([]);
    expect(choices(["a", "b"], [bit("a"), sum({ a: 1n, b: 2n })])).to.deep.equal(["a", "b"]);
    expect(choices(["a", "b"], [bit("a"), bit("b"), sum({ a: 1n, b: 1n })])).to.deep.equal(["a", "b"]);
    expect(choices(["a", "b", "c"], [bit("a"), bit("b"), bit("c"), sum({ a: 1n, b: 2n, c: 3n })])).to.have.lengthOf(3);
    // A wire with 0 and 5 is no bit.
    expect(
      choices(["a", "b"], [bit("a"), [{ b: 1n }, { one: 5n, b: -1n }, {}], sum({ a: 1n, b: 2n })]),
    ).to.have.lengthOf(2);
  });

  it("finds them when the compiler has put one in terms of the others", () => {
    const rest = (weights: Sum): readonly [Sum, Sum, Sum] => {
      const negated = Object.fromEntries(Object.entries(weights).map(([name, factor]) => [name, -factor]));
      return [{ in: 1n, ...negated }, { one: 1n, in: -1n, ...weights }, {}];
    };
    expect(choices(["b", "c"], [bit("b"), bit("c"), rest({ b: 2n, c: 4n })])).to.deep.equal([]);
    expect(choices(["b", "c"], [bit("b"), bit("c"), rest({ b: 1n, c: 4n })])).to.deep.equal(["b", "c"]);
    expect(choices(["b", "c"], [bit("b"), rest({ b: 2n, c: 4n })])).to.deep.equal(["b", "c"]);
  });

  it("refuses weights that wrap around the field", () => {
    const unpacking = (n: number): string[] => {
      const bits = Array.from({ length: n }, (_, i) => `bit ${i}`);
      const sum = Object.fromEntries(bits.map((name, i) => [name, (1n << BigInt(i)) % FIELD]));
      return choices(bits, [...bits.map(bit), [{}, {}, { in: -1n, ...sum }]]);
    };
    expect(unpacking(253)).to.deep.equal([]);
    expect(unpacking(254)).to.have.lengthOf(254);
  });

  it("finds whether a number is 0, but not with half of the argument", () => {
    const inverse = [{ in: 1n }, { inverse: 1n }, { one: 1n, zero: -1n }] as const;
    const exclusive = [{ in: -2n }, { zero: 1n }, {}] as const;
    expect(choices(["inverse", "zero"], [inverse, exclusive])).to.deep.equal(["inverse"]);
    expect(choices(["inverse", "zero"], [inverse])).to.deep.equal(["inverse", "zero"]);
    expect(choices(["inverse", "zero"], [exclusive])).to.deep.equal(["inverse", "zero"]);
    // About two different numbers.
    expect(choices(["inverse", "zero"], [inverse, [{ in: 1n, one: 1n }, { zero: 1n }, {}]])).to.deep.equal([
      "inverse",
      "zero",
    ]);
  });
});
