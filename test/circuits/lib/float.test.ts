import { expect } from "chai";
import { AMOUNT_MANTISSA_BITS, decodeFloat, FEE_MANTISSA_BITS } from "../../../src/protocol/index.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { choosableSignals } from "../support/choosable.ts";

describe("FloatAmount", () => {
  for (const mantissaBits of [AMOUNT_MANTISSA_BITS, FEE_MANTISSA_BITS]) {
    it(`agrees with the library for every bit of the exponent and ${mantissaBits} bits of mantissa`, async () => {
      const bits = mantissaBits + 5;
      const circuit = await loadCircuit(gadget("float", "FloatAmount", bits));
      for (const exponent of [0n, 1n, 2n, 4n, 8n, 16n, 31n]) {
        const encoded = (((1n << BigInt(mantissaBits)) - 1n - exponent) << 5n) | exponent;
        const witness = await circuit.witness({
          bits: Array.from({ length: bits }, (_, i) => (encoded >> BigInt(i)) & 1n),
        });
        expect(circuit.read(witness, "out")).to.equal(decodeFloat(encoded, mantissaBits));
        expect(circuit.broken(witness)).to.equal(0);
        expect(choosableSignals(circuit, witness)).to.deep.equal([]);
      }
    });
  }
});
