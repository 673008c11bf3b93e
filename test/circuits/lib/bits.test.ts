import { expect } from "chai";
import { FIELD, SUBGROUP_ORDER } from "../../../src/protocol/index.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { gadget, loadCircuit, type TestCircuit } from "../support/testCircuit.ts";
import { undeterminedSignals } from "../support/undetermined.ts";
import { choosableSignals } from "../support/choosable.ts";

/**
 * The signals of BitsAtMost for the bits of any integer, each consistent with the others but for the comparison.
 * @param at where its TightBits is
 */
function decomposition(value: bigint, max: bigint, n: number, at: string): Record<string, bigint> {
  const bit = (of: bigint, i: number): bigint => (of >> BigInt(i)) & 1n;
  const signals: Record<string, bigint> = {};
  for (let i = 0; i < n; i++) signals[`out[${i}]`] = bit(value, i);
  let above = 1n;
  let run = 0;
  for (let i = n - 1; i >= 0; i--) {
    let ones = 0;
    let missing = 1n - above;
    while (i - ones >= 0 && bit(max, i - ones) === 1n) missing += 1n - bit(value, i - ones++);
    if (ones === 0) continue;
    above = missing === 0n ? 1n : 0n;
    signals[`${at}above[${++run}]`] = above;
    if (ones > 1) {
      const zero = { in: missing, out: above, inv: missing === 0n ? 0n : inverse(missing) };
      for (const [name, one] of Object.entries(zero)) signals[`${at}complete[${run - 1}].${name}`] = one;
    }
    i -= ones - 1;
  }
  return signals;
}

/** By Fermat's theorem. */
function inverse(value: bigint): bigint {
  let [result, square] = [1n, value];
  for (let rest = FIELD - 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD;
    square = (square * square) % FIELD;
  }
  return result;
}

/** Where BitsAtMost has its gadget. */
const inside = (circuit: TestCircuit): string =>
  [...circuit.wires.keys()].flatMap((name) => /^main\.(TightBits_\d+_\d+\.)above\[0\]$/.exec(name)?.[1] ?? [])[0]!;

describe("BitsAtMost", () => {
  const field = () => loadCircuit(gadget("bits", "BitsAtMost", 254, -1));
  const scalar = () => loadCircuit(gadget("bits", "BitsAtMost", 251, SUBGROUP_ORDER - 1n));

  it("decomposes every field element, whichever is next to a boundary", async () => {
    const circuit = await field();
    for (const value of [0n, 1n, FIELD >> 1n, (FIELD >> 1n) + 1n, FIELD - 2n, FIELD - 1n]) {
      const witness = await circuit.witness({ in: value });
      expect(circuit.broken(witness)).to.equal(0);
      const bits = decomposition(value, FIELD - 1n, 254, inside(circuit));
      expect(circuit.edit(witness, bits)).to.deep.equal(witness);
      // A bit that has to be 0 because its square is looks free to first order: such bits are next to the upper end.
      if (value <= FIELD >> 1n) expect(choosableSignals(circuit, witness)).to.deep.equal([]);
    }
  });

  it("accepts a scalar up to the order less one and refuses from the order on", async () => {
    const circuit = await scalar();
    expect(circuit.broken(await circuit.witness({ in: SUBGROUP_ORDER - 1n }))).to.equal(0);
    for (const value of [SUBGROUP_ORDER, SUBGROUP_ORDER + 1n, (1n << 251n) - 1n, 1n << 251n, FIELD - 1n]) {
      await expectUnprovable(circuit, { in: value }, "TightBits");
    }
  });

  it("compares exactly, with trailing zeros and ones of the largest value, and without zeros", async () => {
    for (const max of [0n, 4n, 7n, 10n, 11n, 13n, 15n]) {
      const circuit = await loadCircuit(gadget("bits", "BitsAtMost", 4, max));
      for (let value = 0n; value <= 16n; value++) {
        if (value > max) await expectUnprovable(circuit, { in: value }, "TightBits");
        else expect(circuit.broken(await circuit.witness({ in: value }))).to.equal(0);
      }
    }
  });

  it("refuses the bits of x + p, which have the same value in the field", async () => {
    const circuit = await field();
    for (const value of [0n, 5n, (1n << 254n) - 1n - FIELD]) {
      const witness = await circuit.witness({ in: value });
      const alias = circuit.edit(witness, decomposition(value + FIELD, FIELD - 1n, 254, inside(circuit)));
      expect(circuit.broken(alias)).to.be.greaterThan(0);
      // Pretending not to be tight any more breaks the chain instead.
      const loose = Object.fromEntries(circuit.signals(/\.above\[\d+\]$/).map((signal) => [signal, 0n]));
      expect(circuit.broken(circuit.edit(alias, loose))).to.be.greaterThan(0);
    }
  });

  it("refuses S + l although it fits the bits", async () => {
    const circuit = await scalar();
    const witness = await circuit.witness({ in: 7n });
    const forged = circuit.edit(witness, {
      in: 7n + SUBGROUP_ORDER,
      ...decomposition(7n + SUBGROUP_ORDER, SUBGROUP_ORDER - 1n, 251, inside(circuit)),
    });
    expect(circuit.broken(forged)).to.be.greaterThan(0);
  });

  it("refuses bits that are not boolean, whether the constant has a 0 or a 1 there", async () => {
    const circuit = await scalar();
    const witness = await circuit.witness({ in: (1n << 249n) - 1n });
    // The highest bits are below those of l, so no comparison is left for the others: each is carried into the next
    // lower one.
    for (let i = 0; i < 248; i++) {
      const forged = circuit.edit(witness, { [`out[${i + 1}]`]: 0n, [`out[${i}]`]: 3n });
      expect(circuit.broken(forged), `bit ${i}`).to.be.greaterThan(0);
    }
  });
});

describe("Range", () => {
  it("refuses what a comparison of unchecked numbers would take for small: p - 1", async () => {
    const circuit = await loadCircuit(gadget("bits", "Range", 32));
    expect(circuit.broken(await circuit.witness({ in: (1n << 32n) - 1n }))).to.equal(0);
    for (const value of [1n << 32n, FIELD - 1n, FIELD - 5n]) await expectUnprovable(circuit, { in: value }, "Num2Bits");
  });
});

describe("AtLeast", () => {
  const circuit = () => loadCircuit(gadget("bits", "AtLeast", 8));

  it("compares, up to the largest differences", async () => {
    const atLeast = await circuit();
    for (const [a, b, out] of [
      [0n, 0n, 1n],
      [7n, 7n, 1n],
      [6n, 7n, 0n],
      [7n, 6n, 1n],
      [255n, 0n, 1n],
      [0n, 255n, 0n],
      [FIELD - 1n, 0n, 0n], // -1
      [FIELD - 1n, FIELD - 2n, 1n],
    ] as const) {
      const witness = await atLeast.witness({ a, b });
      expect(atLeast.broken(witness)).to.equal(0);
      expect(atLeast.read(witness, "out"), `${a} and ${b}`).to.equal(out);
    }
  });

  it("has no witness for numbers further apart", async () => {
    const atLeast = await circuit();
    await expectUnprovable(atLeast, { a: 256n, b: 0n }, "Num2Bits");
    await expectUnprovable(atLeast, { a: 0n, b: 257n }, "Num2Bits");
    await expectUnprovable(atLeast, { a: FIELD >> 1n, b: 0n }, "Num2Bits");
  });

  it("has one result for any two numbers", async () => {
    expect(undeterminedSignals(await circuit())).to.deep.equal([]);
  });
});

describe("OneHot", () => {
  it("marks the value of the bits", async () => {
    const circuit = await loadCircuit(gadget("bits", "OneHot", 4));
    for (let k = 0; k < 16; k++) {
      const witness = await circuit.witness({ in: [0, 1, 2, 3].map((i) => BigInt((k >> i) & 1)) });
      expect(circuit.broken(witness)).to.equal(0);
      expect(choosableSignals(circuit, witness)).to.deep.equal([]);
      for (let i = 0; i < 16; i++) {
        const wire = circuit.wire(`out[${i}]`);
        if (wire >= 0) expect(witness[wire]).to.equal(i === k ? 1n : 0n);
      }
    }
  });
});
