import { expect } from "chai";
import { FIELD, hashMany, TAG } from "../../../src/protocol/index.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { choosableSignals } from "../support/choosable.ts";

describe("CompressedInputs", () => {
  it("commits to the vector and evaluates it, and leaves nothing to choose", async () => {
    const circuit = await loadCircuit(gadget("compressed", "CompressedInputs", 4));
    const V = [5n, FIELD - 1n, 0n, 7n];
    for (const x of [0n, 1n, 3n ** 100n]) {
      const witness = await circuit.witness({ V, x });
      expect(circuit.broken(witness)).to.equal(0);
      expect(circuit.read(witness, "C")).to.equal(hashMany(TAG.root, V));
      expect(circuit.read(witness, "y")).to.equal((5n + (FIELD - 1n) * x + 7n * x ** 3n) % FIELD);
      expect(choosableSignals(circuit, witness)).to.deep.equal([]);
    }
  });
});
