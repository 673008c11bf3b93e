import { expect } from "chai";
import { paragraphOf, rowsOf } from "../../../tools/bench/document.ts";
import type { CircuitTimes, ProverBench } from "../../../tools/bench/prover.ts";
import { describeProver } from "../../../tools/bench/proverDocument.ts";

const timesOf = (name: string, kernels: number, rapidsnark?: number): CircuitTimes => ({
  ...{ name, constraints: 1_000, snarkjs: 4, kernels, ratio: 4 / kernels, place: 0.1 },
  phases: { witness: 0.1, rows: 0.2, transforms: 0.3, sums: 0.4 },
  ...(rapidsnark !== undefined && { rapidsnark }),
});
const benchOf = (circuits: readonly CircuitTimes[], change: Partial<ProverBench> = {}): ProverBench => ({
  ...{ probe: "kernels", rounds: 5, nsPerMul: 15, nsPerMulWasmcurves: 55, circuits, ratioDev: 4 },
  ...{ secondsPerTransferLarge: null },
  ...change,
});
const kernelsOf = (section: string): unknown =>
  rowsOf(section).map(({ circuit, kernels, rapidsnark }) => [circuit, kernels, rapidsnark]);

describe("the page of what proofs take", () => {
  const whole = describeProver(
    benchOf([timesOf("BaseRollup", 1, 0.9), timesOf("BaseRollup, 9 transfers", 2, 1.8)], {
      ...{ peakMiBMid: { kernels: 330, snarkjs: 547 }, secondsPerTransferLarge: 0.177 },
    }),
  );

  it("keeps what was not measured again, and replaces what was", () => {
    const part = describeProver(benchOf([timesOf("BaseRollup", 1.5)]), whole);
    expect(kernelsOf(part)).to.deep.equal([
      ["BaseRollup", "1.500", "0.900"],
      ["BaseRollup, 9 transfers", "2.000", "1.800"],
    ]);
    expect(paragraphOf(part, "A process that loads the last key")).to.contain("330 MiB");
    expect(paragraphOf(part, "The kernels take")).to.contain("0.177 s a transfer");
  });

  it("says nothing of what was never measured", () => {
    const part = describeProver(benchOf([timesOf("BaseRollup", 1)]));
    expect(kernelsOf(part)).to.deep.equal([["BaseRollup", "1.000", undefined]]);
    expect(paragraphOf(part, "A process")).to.equal("");
    expect(paragraphOf(part, "The kernels")).to.equal("");
  });
});
