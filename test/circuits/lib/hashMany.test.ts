import { expect } from "chai";
import { hashMany, TAG } from "../../../src/protocol/index.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { choosableSignals } from "../support/choosable.ts";

describe("HashMany", () => {
  for (const length of [1, 14, 15, 30]) {
    it(`agrees with the library for ${length} element${length === 1 ? "" : "s"}`, async () => {
      const circuit = await loadCircuit(gadget("hashMany", "HashMany", TAG.txs, length));
      const list = Array.from({ length }, (_, i) => BigInt(i) ** 50n);
      const witness = await circuit.witness({ in: list });
      expect(circuit.broken(witness)).to.equal(0);
      expect(circuit.read(witness, "out")).to.equal(hashMany(TAG.txs, list));
      expect(choosableSignals(circuit, witness)).to.deep.equal([]);
    });
  }

  it("tells [a] from [a, 0], a tag from another, and an order from another", async () => {
    const one = await loadCircuit(gadget("hashMany", "HashMany", TAG.txs, 1));
    const two = await loadCircuit(gadget("hashMany", "HashMany", TAG.txs, 2));
    const other = await loadCircuit(gadget("hashMany", "HashMany", TAG.provers, 2));
    const outs = [
      one.read(await one.witness({ in: [7n] }), "out"),
      two.read(await two.witness({ in: [7n, 0n] }), "out"),
      two.read(await two.witness({ in: [0n, 7n] }), "out"),
      other.read(await other.witness({ in: [7n, 0n] }), "out"),
    ];
    expect(new Set(outs).size).to.equal(4);
  });
});
