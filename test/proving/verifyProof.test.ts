import { expect } from "chai";
import { concat, dataSlice } from "ethers";
import { FIELD } from "../../src/protocol/field.ts";
import { proofVerifier } from "../../src/proving/verifyProof.ts";
import { Random } from "../../src/sim/random.ts";
import {
  encodeCircuit,
  encodeCommon,
  encodeProof,
  Fr,
  g1,
  g2,
  outsideG2,
  encodeG2,
  randomCircuit,
  randomCommon,
  shiftC,
  simulateProof,
} from "../../src/sim/trapdoor.ts";

describe("verifying one proof", () => {
  const random = new Random("groth16");
  const common = randomCommon(random);
  const circuit = randomCircuit(random, common, 3);
  const verifier = proofVerifier({ common: encodeCommon(common), circuit: encodeCircuit(circuit) });
  const inputs = [5n, 0n, FIELD - 1n];
  const proof = encodeProof(simulateProof(random, circuit, inputs));

  it("accepts a valid proof", () => {
    expect(verifier.verify(inputs, proof)).to.equal(true);
  });

  it("takes points at infinity as the EVM does: their pairings are one", () => {
    const { alpha, beta, gamma } = common;
    const { delta, ic } = circuit;
    const [first, one, ...others] = ic as [bigint, bigint, bigint, bigint];
    // Inputs for which the sum of the key's points is infinity.
    const none = [Fr.div(Fr.neg(first), one), ...others.map(() => 0n)];
    const sum = Fr.add(first, Fr.add(Fr.mul(5n, one), Fr.neg(others[1])));
    const known = Fr.add(Fr.mul(alpha, beta), Fr.mul(gamma, sum));
    const c = Fr.neg(Fr.div(known, delta));
    for (const [name, of, a, b, cScalar] of [
      ["A", inputs, 0n, 7n, c],
      ["B", inputs, 7n, 0n, c],
      ["C", inputs, known, 1n, 0n],
      ["the sum", none, Fr.mul(alpha, beta), 1n, 0n],
    ] as const) {
      const infinite = encodeProof({ a: g1(a), b: g2(b), c: g1(cScalar) });
      expect(verifier.verify(of, infinite), name).to.equal(true);
      const wrong = encodeProof({ a: g1(a), b: g2(b), c: g1(Fr.add(cScalar, 1n)) });
      expect(verifier.verify(of, wrong), `${name}, with another C`).to.equal(false);
    }
  });

  it("takes no key that is cut off or too long", () => {
    const [whole, ofCircuit] = [encodeCommon(common), encodeCircuit(circuit)];
    for (const key of [
      ...["0x", `0x${"00".repeat(64)}`, dataSlice(ofCircuit, 0, 128), ofCircuit.slice(0, -2), `${ofCircuit}00`].map(
        (wrong) => ({ common: whole, circuit: wrong }),
      ),
      { common: whole.slice(0, -2), circuit: ofCircuit },
    ])
      expect(() => proofVerifier(key), `${key.circuit.length}`).to.throw(RangeError, "bytes");
  });

  it("refuses other inputs, and inputs that are not canonical", () => {
    for (const other of [
      [6n, 0n, FIELD - 1n],
      [5n, 0n],
      [...inputs, 0n],
      [5n, FIELD, FIELD - 1n],
      [5n, -1n, FIELD - 1n],
    ])
      expect(verifier.verify(other, proof), String(other)).to.equal(false);
  });

  it("refuses another circuit's proof", () => {
    const other = randomCircuit(random, common, 3);
    expect(verifier.verify(inputs, encodeProof(simulateProof(random, other, inputs)))).to.equal(false);
  });

  it("refuses whatever is no proof", () => {
    const zero = `0x${"00".repeat(256)}`;
    const outside = concat([dataSlice(proof, 0, 64), encodeG2(outsideG2(random)), dataSlice(proof, 192)]);
    for (const wrong of [shiftC(proof, 1n), zero, outside, `0x${"ff".repeat(256)}`, "0x", "proof", proof.slice(0, -2)])
      expect(verifier.verify(inputs, wrong), wrong.slice(0, 20)).to.equal(false);
  });
});
