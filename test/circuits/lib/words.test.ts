import { expect } from "chai";
import { dataEval, FIELD, packWords, PROFILES, rPow } from "../../../src/protocol/index.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { choosableSignals } from "../support/choosable.ts";

const R = 123456789012345678901234567890n;

describe("PackWords", () => {
  for (const count of [1, 3, 4]) {
    it(`packs ${count} transfer${count === 1 ? "" : "s"} like the library`, async () => {
      const transfer = Array.from({ length: count }, (_, i) => (1n << 79n) + BigInt(i) + 1n);
      const circuit = await loadCircuit(gadget("words", "PackWords", count));
      const witness = await circuit.witness({ transfer });
      const words = packWords({ ...PROFILES.dev, transfersPerBase: count }, transfer);
      expect(choosableSignals(circuit, witness)).to.deep.equal([]);
      expect(words.map((_, i) => circuit.read(witness, `word[${i}]`))).to.deep.equal(words);
    });
  }
});

describe("EvaluateData", () => {
  it("agrees with the library", async () => {
    const word = [5n, (1n << 240n) - 1n, 7n];
    const circuit = await loadCircuit(gadget("words", "EvaluateData", 3));
    for (const r of [0n, 1n, R, FIELD - 1n]) {
      const witness = await circuit.witness({ word, r });
      expect(circuit.broken(witness)).to.equal(0);
      expect(choosableSignals(circuit, witness)).to.deep.equal([]);
      expect([circuit.read(witness, "dataEval"), circuit.read(witness, "rPow")]).to.deep.equal([
        dataEval(word, r),
        rPow(3, r),
      ]);
    }
  });
});
