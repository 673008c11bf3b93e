import { expect } from "chai";
import {
  blobPower,
  elementsPerBase,
  evaluate,
  FIELD,
  hashMany,
  NO_TRANSFER,
  operationElements,
  SUBGROUP_ORDER,
  TAG,
  toLimbs,
  type TransferElements,
  transferElements,
} from "../../../src/protocol/index.ts";
import { joined, limbs } from "../support/blobNumber.ts";
import { choosableSignals } from "../support/choosable.ts";
import { expectPublicInputsBound } from "../support/expectBound.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { gadget, loadCircuit, type TestCircuit } from "../support/testCircuit.ts";

const bits = (value: bigint, n: number): bigint[] => Array.from({ length: n }, (_, i) => (value >> BigInt(i)) & 1n);

/** What the circuit has of its first elements; those behind them are 0 by their places. */
const elementsOf = (circuit: TestCircuit, witness: readonly bigint[], count: number): bigint[] =>
  Array.from({ length: count }, (_, i) => {
    const wires = [0, 1, 2, 3, 4, 5].map((k) => circuit.wire(`out[${i}][${k}]`));
    // What simplification left out is a limb that nothing is in.
    return joined(wires.map((wire) => (wire < 0 ? 0n : witness[wire]!)));
  });

const LARGEST: TransferElements = { packed: 2n ** 80n - 1n, r8y: FIELD - 1n, s: SUBGROUP_ORDER - 1n };

describe("TransferElements", () => {
  for (const n of [1, 3, 4]) {
    it(`has the words and signatures of ${n} transfers like the library`, async () => {
      const circuit = await loadCircuit(gadget("elements", "TransferElements", n));
      const counted = Array.from({ length: n }, (_, t) => ({ packed: BigInt(t + 1) << 60n, r8y: 7n << 200n, s: 5n }));
      for (const transfers of [
        counted,
        counted.map(() => LARGEST),
        [LARGEST, ...counted.slice(1).map(() => NO_TRANSFER)],
      ]) {
        const witness = await circuit.witness({
          transfer: transfers.map(({ packed }) => bits(packed, 80)),
          r8y: transfers.map(({ r8y }) => bits(r8y, 254)),
          s: transfers.map(({ s }) => bits(s, 251)),
        });
        expect(circuit.broken(witness)).to.equal(0);
        const sizes = { transfersPerBase: n, operationsPerBase: 1 };
        expect(elementsOf(circuit, witness, elementsPerBase(sizes))).to.deep.equal(transferElements(sizes, transfers));
      }
    });
  }
});

describe("OperationElements", () => {
  it("has two words for each operation like the library", async () => {
    const circuit = await loadCircuit(gadget("elements", "OperationElements", 2));
    const operations = [[2n ** 240n - 1n, 1n << 239n] as const, [1n, 2n ** 240n - 1n] as const];
    const witness = await circuit.witness({ word: operations.map((words) => words.map((word) => bits(word, 240))) });
    const sizes = { transfersPerBase: 1, operationsPerBase: 2 };
    expect(elementsOf(circuit, witness, 4)).to.deep.equal(operationElements(sizes, operations));
  });
});

describe("NodeElements", () => {
  // All elements in use, and some that are 0 by their places.
  for (const [stride, used] of [
    [3, 3],
    [5, 2],
    [7, 4],
  ] as const) {
    it(`hashes and evaluates ${used} elements of ${stride} like the library`, async () => {
      const circuit = await loadCircuit(gadget("elements", "NodeElements", stride, used));
      for (const z of [0n, 1n, (1n << 248n) - 1n, 12345678901234567890n ** 12n % (1n << 248n)]) {
        for (const value of [0n, FIELD - 1n, FIELD >> 1n]) {
          const elements = Array.from({ length: used }, (_, i) => (value === 0n ? 0n : value - BigInt(i)));
          const all = [...elements, ...Array<bigint>(stride - used).fill(0n)];
          const witness = await circuit.witness({ element: elements.map(limbs), z });
          expectPublicInputsBound(circuit, witness);
          const three = (name: string): bigint[] => [0, 1, 2].map((i) => circuit.read(witness, `${name}[${i}]`));
          expect(circuit.read(witness, "txsRoot")).to.equal(hashMany(TAG.txs, all));
          expect(three("dataEval")).to.deep.equal(toLimbs(evaluate(all, z)));
          expect(three("zPow")).to.deep.equal(toLimbs(blobPower(z, stride)));
        }
      }
    });
  }

  it("leaves no signal free but inverses of 0, and takes no point beyond 248 bits", async () => {
    const circuit = await loadCircuit(gadget("elements", "NodeElements", 3, 3));
    const element = [1n, FIELD - 5n, 7n << 230n].map(limbs);
    const witness = await circuit.witness({ element, z: 3n ** 150n });
    for (const signal of choosableSignals(circuit, witness)) expect(signal).to.match(/\.inv$/);
    await expectUnprovable(circuit, { element, z: 1n << 248n }, "Num2Bits");
    await expectUnprovable(circuit, { element, z: FIELD - 1n }, "Num2Bits");
  });
});
