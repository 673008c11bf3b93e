import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { projectPath } from "../../src/setup/project.ts";

describe("the curve of a process", () => {
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
