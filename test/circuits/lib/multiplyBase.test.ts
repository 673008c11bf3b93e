import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { poseidon, publicKey, SUBGROUP_ORDER } from "../../../src/protocol/index.ts";
import { WitnessGenerator } from "../../../src/proving/groth16/witness.ts";
import { pointBus } from "../../../src/proving/inputs.ts";
import { choosableSignals } from "../support/choosable.ts";
import { mutateHints } from "../support/hints.ts";
import { multiply } from "../support/points.ts";
import { compiling, gadget, type Inputs, loadCircuit, type TestCircuit } from "../support/testCircuit.ts";

const B8 = publicKey(1n);
const inputs = (s: bigint): Inputs => ({ bits: Array.from({ length: 251 }, (_, i) => (s >> BigInt(i)) & 1n) });
const result = (circuit: TestCircuit, witness: readonly bigint[]): bigint[] =>
  [0, 1].map((i) => circuit.read(witness, `out[${i}]`));

/** The least CPU time that one of several witnesses takes, in microseconds. */
async function leastTime({ compiled }: TestCircuit, input: Inputs): Promise<number> {
  const generator = await WitnessGenerator.compile(await readFile(compiled.wasmPath));
  const times: number[] = [];
  for (let i = 0; i < 8; i++) {
    const before = process.cpuUsage();
    await generator.generate(input);
    const { user, system } = process.cpuUsage(before);
    times.push(user + system);
  }
  return Math.min(...times);
}

describe("MultiplyBase", () => {
  const circuit = () => loadCircuit(gadget("multiplyBase", "MultiplyBase"));
  const ladder = () => loadCircuit(gadget("multiplyPoint", "MultiplyPoint"));

  before(compiling(circuit, ladder));

  it("multiplies by all scalars, 0 and the ends of every digit among them", async () => {
    const product = await circuit();
    const powers = Array.from({ length: 251 }, (_, i) => 1n << BigInt(i));
    const scalars = [
      ...[0n, 1n, 2n, 3n, SUBGROUP_ORDER - 1n, SUBGROUP_ORDER >> 1n, (SUBGROUP_ORDER >> 1n) + 1n],
      ...powers.filter((_, i) => i % 7 === 0 || i > 245),
      ...powers.filter((_, i) => i % 9 === 0).map((power) => power - 1n),
      // The sum of the lower digits is the one that the highest adds to it.
      2n * SUBGROUP_ORDER - 5n * (1n << 249n),
      ...Array.from({ length: 20 }, (_, i) => poseidon([BigInt(i)]) % SUBGROUP_ORDER),
    ];
    for (const s of scalars) {
      const witness = await product.witness(inputs(s));
      expect(product.broken(witness), String(s)).to.equal(0);
      expect(result(product, witness), String(s)).to.deep.equal(pointBus(multiply(B8, s)));
    }
  });

  it("is right for any 251 bits, reduced or not", async () => {
    const product = await circuit();
    for (const s of [SUBGROUP_ORDER, SUBGROUP_ORDER + 1n, (1n << 251n) - 1n]) {
      const witness = await product.witness(inputs(s));
      expect(product.broken(witness)).to.equal(0);
      expect(result(product, witness)).to.deep.equal(pointBus(multiply(B8, s)));
    }
  });

  it("makes a witness sooner than a ladder, with four times as many inversions: its points are constants", async () => {
    const [base, point] = [await circuit(), await ladder()];
    const table = await leastTime(base, inputs(SUBGROUP_ORDER / 3n));
    expect(table).to.be.below(await leastTime(point, { h: SUBGROUP_ORDER / 3n, P: pointBus(B8) }));
  });

  it("leaves no signal free, and no hint can be changed alone", async () => {
    const product = await circuit();
    const witness = await product.witness(inputs(SUBGROUP_ORDER / 3n));
    expect(choosableSignals(product, witness)).to.deep.equal([]);
    const { tried, free } = mutateHints(product, witness);
    expect(tried).to.be.greaterThan(120);
    expect(free).to.deep.equal([]);
  });
});
