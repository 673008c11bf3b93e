import { expect } from "chai";
import { FIELD, nodeNumber } from "../../../src/protocol/index.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { choosableSignals } from "../support/choosable.ts";

describe("NodePosition", () => {
  const merges = () => loadCircuit(gadget("node", "NodePosition", 2, 1, 3));

  it("splits every node of its depths", async () => {
    const circuit = await merges();
    for (let depth = 1; depth <= 3; depth++) {
      for (let index = 0; index < 2 ** depth; index++) {
        const witness = await circuit.witness({ node: nodeNumber({ depth, index }) });
        expect(circuit.broken(witness)).to.equal(0);
        if (depth === 3) expect(choosableSignals(circuit, witness)).to.deep.equal([]);
        expect(circuit.read(witness, "depth")).to.equal(BigInt(depth));
        expect([0, 1, 2].map((i) => Number(circuit.read(witness, `index[${i}]`)))).to.deep.equal(
          [0, 1, 2].map((i) => (index >> i) & 1),
        );
      }
    }
  });

  it("refuses other depths and an index beyond the depth's width", async () => {
    const circuit = await merges();
    const wrong = [
      nodeNumber({ depth: 0, index: 0 }),
      nodeNumber({ depth: 4, index: 0 }),
      nodeNumber({ depth: 1, index: 2 }),
      nodeNumber({ depth: 2, index: 4 }),
      nodeNumber({ depth: 3, index: 8 }),
      nodeNumber({ depth: 1, index: 2 ** 32 - 1 }),
      FIELD - 1n,
    ];
    for (const node of wrong) await expectUnprovable(circuit, { node }, "NodePosition");
  });

  it("refuses depths made of fractions of others", async () => {
    const circuit = await merges();
    // Sum 1 and depth 2, as (0, 1, 0) has, but half of depth 1 and half of depth 3.
    const half = (FIELD + 1n) / 2n;
    const witness = await circuit.witness({ node: nodeNumber({ depth: 2, index: 1 }) });
    expect(circuit.broken(circuit.edit(witness, { "is[1]": half, "is[2]": 0n, "is[3]": half }))).to.be.greaterThan(0);
    expect(circuit.broken(circuit.edit(witness, { "is[1]": -1n, "is[2]": 3n, "is[3]": -1n }))).to.be.greaterThan(0);
  });

  it("refuses the root as a merge: no witness has a depth above the first", async () => {
    const circuit = await merges();
    const witness = await circuit.witness({ node: nodeNumber({ depth: 1, index: 0 }) });
    expect(circuit.broken(circuit.edit(witness, { node: 0n, depth: 0n, "is[0]": 1n, "is[1]": 0n }))).to.be.greaterThan(
      0,
    );
  });

  it("refuses an index borrowed from the depth: 2 << 32 is not (1, 2^32)", async () => {
    const circuit = await merges();
    const witness = await circuit.witness({ node: nodeNumber({ depth: 2, index: 0 }) });
    const forged = circuit.edit(witness, { depth: 1n, "is[1]": 1n, "is[2]": 0n, "index[0]": 1n << 32n });
    expect(circuit.broken(forged)).to.be.greaterThan(0);
  });

  it("has one depth for base nodes", async () => {
    const circuit = await loadCircuit(gadget("node", "NodePosition", 4, 2, 2));
    const witness = await circuit.witness({ node: nodeNumber({ depth: 2, index: 15 }) });
    expect(circuit.broken(witness)).to.equal(0);
    expect(choosableSignals(circuit, witness)).to.deep.equal([]);
    for (const [depth, index] of [
      [2, 16],
      [1, 0],
      [3, 0],
    ] as const) {
      await expectUnprovable(circuit, { node: nodeNumber({ depth, index }) }, "NodePosition");
    }
  });
});
