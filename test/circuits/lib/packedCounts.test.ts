import { expect } from "chai";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { choosableSignals } from "../support/choosable.ts";

describe("UnpackCounts", () => {
  const circuit = () => loadCircuit(gadget("packedCounts", "UnpackCounts", 2));

  it("unpacks 14 bits each", async () => {
    const counts = await circuit();
    for (const [a, b] of [
      [0n, 0n],
      [4n, 10n],
      [16383n, 16383n],
    ] as const) {
      const witness = await counts.witness({ in: a + (b << 14n) });
      expect([counts.read(witness, "out[0]"), counts.read(witness, "out[1]")]).to.deep.equal([a, b]);
      expect(counts.broken(witness)).to.equal(0);
      expect(choosableSignals(counts, witness)).to.deep.equal([]);
    }
  });

  it("refuses (4 + 2^14, 9) for what is (4, 10), and a sum beyond 28 bits", async () => {
    const counts = await circuit();
    const witness = await counts.witness({ in: 4n + (10n << 14n) });
    // Bit 13 of the first count worth 2, bits of the second those of 9 instead of 10.
    const forged = counts.edit(witness, {
      "out[0]": 4n + (1n << 14n),
      "out[1]": 9n,
      "bits[13]": 2n,
      "bits[14]": 1n,
      "bits[15]": 0n,
    });
    expect(counts.broken(forged)).to.be.greaterThan(0);
    await expectUnprovable(counts, { in: 1n << 28n }, "Num2Bits");
  });
});
