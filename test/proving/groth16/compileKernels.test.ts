import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { areKernelsCompiled, compileKernels } from "../../../src/proving/groth16/compileKernels.ts";
import { temporaryFolder } from "../../support/testCircuit.ts";

describe("compiled kernels", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let code: Uint8Array;
  let path: string;
  before(async () => {
    expect(await areKernelsCompiled(folder())).to.equal(false);
    code = await compileKernels(folder());
    const [name, ...others] = await readdir(folder());
    expect(others).to.deep.equal([]);
    path = join(folder(), name!);
  });

  it("are kept behind their sum, and read from then on", async () => {
    await WebAssembly.compile(new Uint8Array(code));
    expect(await areKernelsCompiled(folder())).to.equal(true);
    const whole = await readFile(path);
    const other = Buffer.from("what stands in the file");
    await writeFile(path, Buffer.concat([createHash("sha256").update(other).digest(), other]));
    expect(Buffer.from(await compileKernels(folder())).equals(other)).to.equal(true);
    await writeFile(path, whole);
    expect(Buffer.from(await compileKernels(folder())).equals(code)).to.equal(true);
  });

  const flip = (bytes: Buffer, at: number): Buffer => {
    bytes[at]! ^= 1;
    return bytes;
  };
  for (const [what, damage] of [
    ["whose last byte was changed", (whole: Buffer) => flip(whole, whole.length - 1)],
    ["whose sum was changed", (whole: Buffer) => flip(whole, 0)],
    ["that were cut off", (whole: Buffer) => whole.subarray(0, -1)],
    ["that end before their code", (whole: Buffer) => whole.subarray(0, 31)],
    ["of which nothing is left", () => Buffer.alloc(0)],
  ] as const) {
    it(`${what} are compiled again`, async () => {
      await writeFile(path, damage(await readFile(path)));
      expect(await areKernelsCompiled(folder())).to.equal(false);
      expect(Buffer.from(await compileKernels(folder())).equals(code)).to.equal(true);
      expect(await areKernelsCompiled(folder())).to.equal(true);
    });
  }
});
