import { expect } from "chai";
import { BLOB_FIELD, blobPower, evaluate, FIELD } from "../../../src/protocol/index.ts";
import { Random } from "../../../src/sim/random.ts";
import { joined, limbs } from "../support/blobNumber.ts";
import { choosableSignals } from "../support/choosable.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";

const random = new Random("polynomial");
const draw = (): bigint => (random.word() + (random.word() << 256n)) % BLOB_FIELD;
const POINTS = [0n, 1n, (1n << 248n) - 1n, BLOB_FIELD - 1n, draw()];

/** z, z^2 .. z^count in limbs. */
const powersOf = (z: bigint, count: number): bigint[][] =>
  Array.from({ length: count }, (_, i) => limbs(blobPower(z, i + 1)));

describe("Powers", () => {
  it("agrees with the library", async () => {
    const circuit = await loadCircuit(gadget("polynomial", "Powers", 4));
    for (const z of POINTS) {
      const witness = await circuit.witness({ z: limbs(z) });
      expect(circuit.broken(witness)).to.equal(0);
      const powers = [0, 1, 2, 3].map((i) =>
        joined([0, 1, 2, 3, 4, 5].map((k) => circuit.read(witness, `out[${i}][${k}]`))),
      );
      expect(powers).to.deep.equal([1, 2, 3, 4].map((n) => blobPower(z, n)));
    }
  });
});

describe("Polynomial", () => {
  // One block, blocks of one, whole blocks, a last block of one and of several.
  for (const [n, baby] of [
    [2, 2],
    [3, 1],
    [4, 2],
    [5, 2],
    [8, 3],
  ] as const) {
    it(`of ${n} coefficients with ${baby} powers agrees with the library`, async () => {
      const circuit = await loadCircuit(gadget("polynomial", "Polynomial", n, baby));
      for (const z of POINTS) {
        for (const draws of [() => 0n, () => FIELD - 1n, () => BLOB_FIELD - 1n, draw]) {
          const coefficients = Array.from({ length: n }, draws);
          const witness = await circuit.witness({ coefficient: coefficients.map(limbs), power: powersOf(z, baby) });
          expect(circuit.broken(witness)).to.equal(0);
          expect(joined([0, 1, 2, 3, 4, 5].map((k) => circuit.read(witness, `out[${k}]`)))).to.equal(
            evaluate(coefficients, z),
          );
        }
      }
    });
  }

  it("leaves no signal free but inverses of 0", async () => {
    const circuit = await loadCircuit(gadget("polynomial", "Polynomial", 3, 1));
    const coefficient = [draw(), draw(), draw()].map(limbs);
    const witness = await circuit.witness({ coefficient, power: powersOf(draw(), 1) });
    for (const signal of choosableSignals(circuit, witness)) expect(signal).to.match(/\.inv$/);
  });
});

describe("Power", () => {
  for (const [n, baby] of [
    [3, 3],
    [4, 1],
    [5, 2],
    [7, 3],
    [13, 4],
  ] as const) {
    it(`${n} with ${baby} powers agrees with the library`, async () => {
      const circuit = await loadCircuit(gadget("polynomial", "Power", n, baby));
      for (const z of POINTS) {
        const witness = await circuit.witness({ power: powersOf(z, baby) });
        expect(circuit.broken(witness)).to.equal(0);
        expect(joined([0, 1, 2, 3, 4, 5].map((k) => circuit.read(witness, `out[${k}]`)))).to.equal(blobPower(z, n));
      }
    });
  }
});
