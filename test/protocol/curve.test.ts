import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { curve } from "../../src/protocol/curve.ts";
import { projectPath } from "../../src/setup/project.ts";

describe("the curve of a process", () => {
  it("computes on after a call that failed", () => {
    const one = curve.G1.toJacobian(curve.G1.gAffine);
    const two = curve.prepareG2(curve.G2.toJacobian(curve.G2.gAffine));
    const right = curve.finalExponentiation(curve.millerLoop(curve.prepareG1(one), two));
    const nothing = undefined as unknown as Uint8Array;
    for (const fail of [
      () => curve.prepareG1(nothing),
      () => curve.prepareG2(nothing),
      () => curve.millerLoop(curve.prepareG1(one), nothing),
      () => curve.finalExponentiation(nothing),
      () => void curve.pairing(one, nothing),
    ]) {
      expect(fail).to.throw(TypeError);
      expect(curve.finalExponentiation(curve.millerLoop(curve.prepareG1(one), two))).to.deep.equal(right);
    }
  });

  it("is that of snarkjs, too, whichever of them is loaded first: the process ends by itself", async () => {
    for (const order of [
      ["./src/protocol/curve.ts", "snarkjs"],
      ["snarkjs", "./src/protocol/curve.ts"],
    ]) {
      const script = `
        for (const module of ${JSON.stringify(order)}) await import(module);
        const { curve } = await import("./src/protocol/curve.ts");
        console.log(globalThis.curve_bn128 === curve);`;
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--import", "./src/loader/register.mjs", "--input-type=module", "--eval", script],
        { cwd: projectPath(), timeout: 60_000 },
      );
      expect(stdout, order.join()).to.equal("true\n");
    }
  });
});
