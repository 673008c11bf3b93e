import { readFileSync } from "node:fs";
import { expect } from "chai";
import { compress, FIELD } from "../../../src/protocol/index.ts";
import { choosableSignals } from "../support/choosable.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { undeterminedSignals } from "../support/undetermined.ts";

const { cases } = JSON.parse(readFileSync(new URL("../../vectors/compress.json", import.meta.url), "utf8")) as {
  cases: { inputs: string[]; hash: string }[];
};

describe("Compress", () => {
  const circuit = () => loadCircuit(gadget("compress", "Compress"));

  it("agrees with the vectors and the library", async () => {
    const gadget = await circuit();
    const random = [1n, 2n, 3n].map((i) => [0n, 1n, 2n, 3n].map((k) => FIELD - ((1000n * i + k) ** 20n % FIELD)));
    const all = [
      ...cases.map(({ inputs, hash }) => ({ inputs: inputs.map(BigInt), hash: BigInt(hash) })),
      ...random.map((inputs) => ({ inputs, hash: compress(inputs) })),
    ];
    for (const { inputs, hash } of all) {
      const witness = await gadget.witness({ in: inputs });
      expect(gadget.broken(witness)).to.equal(0);
      expect(gadget.read(witness, "out")).to.equal(hash);
    }
  });

  it("leaves the prover no choice, and costs 264 constraints", async () => {
    const gadget = await circuit();
    expect(undeterminedSignals(gadget)).to.deep.equal([]);
    expect(choosableSignals(gadget, await gadget.witness({ in: [1n, 2n, 3n, 4n] }))).to.deep.equal([]);
    expect(gadget.compiled.constraints).to.equal(264);
  });
});
